import { type Clock, type KubernetesObject, newBadRequest } from '@k1s/apimachinery'
import type { StorageConfig, StorageInterface } from '@k1s/storage'
import { AdmissionFunctions } from './admission/admission-functions.ts'
import { buildChain } from './chain/handler.ts'
import { InProcessTransport } from './chain/in-process-transport.ts'
import { requestCheck } from './chain/request-check.ts'
import { TransportClient } from './client/transport-client.ts'
import type { Client } from './client.ts'
import type { KindDefinition } from './kind.ts'
import { ResourceRegistry } from './registry/resource-registry.ts'
import { registryStore } from './registry-store/registry-store.ts'
import type { Transport, UserInfo } from './request.ts'
import { scriptName } from './script-name.ts'
import { type Work, WorkTracker } from './work/work-tracker.ts'

export interface RuntimeOptions {
  /** Where objects are kept. Default: LMDB in the default place, which is that of the command line too. */
  storage?: StorageConfig | StorageInterface
  /** Whose objects they are: a DNS-1123 label. Default: `default`. */
  tenant?: string
  /** Where namespaced objects are when a call names no namespace. Default: `default`. */
  namespace?: string
  /** Who makes the requests of `client`. */
  user?: UserInfo
  /**
   * The program, as of HTTP's User-Agent: what comes before the first slash is the field manager of writes that name
   * none. Default: the file name of the script that runs, as client-go takes that of its executable.
   */
  userAgent?: string
  /**
   * The time of timestamps, ages and what expires. Default: that of the machine, or of the store that `storage` is: a
   * store and what is in it have one time, so that BadRequest says when they differ.
   */
  clock?: Clock
  /**
   * What clients and whoever else asks `transport` go through: `WrapTransport` of client-go's `rest.Config`. It is called once,
   * with what answers.
   */
  wrapTransport?: (transport: Transport) => Transport
}

/** The API on a store, in this process. */
export interface Runtime extends AsyncDisposable {
  readonly client: Client
  readonly transport: Transport
  readonly clock: Clock
  /** Functions that are asked before something is written, with the contract of admission webhooks. */
  readonly admission: Pick<AdmissionFunctions, 'validating' | 'mutating'>
  /** The same API for another tenant, namespace or user. */
  clientFor(options: { tenant?: string; namespace?: string; user?: UserInfo }): Promise<Client>
  /**
   * Serves kinds declared with `defineKind`, beside those of stored CustomResourceDefinitions. Invalid if the names
   * are not what a CustomResourceDefinition may have, BadRequest if a resource is built in, or another of the group
   * has the kind. A schema is checked when it is first needed; requests then fail with an InternalError that says what
   * is wrong with it.
   */
  registerAPI(...kinds: KindDefinition<KubernetesObject>[]): void
  /** What is under way. Its signal aborts when `shutdown` is called; controllers of this runtime heed it. */
  readonly work: WorkTracker
  /**
   * Ends in good order: reconciles take nothing new, what is under way is waited for, requests are refused with
   * ServiceUnavailable, and the store is closed. Resolves to what was left after `timeoutMs`, 30 seconds unless set: what it
   * wrote by then is whole, and what was acknowledged is kept.
   */
  shutdown(options?: { timeoutMs?: number }): Promise<readonly Work[]>
  /** Closes the store. Requests under way fail, unless their write has begun. */
  close(): Promise<void>
}

const defaultShutdownTimeout = 30_000

const defaultUser: UserInfo = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] }

/**
 * Opens a store and serves the Kubernetes API on it. A new store starts with the namespaces `default` and
 * `kube-system`; a further tenant gets its own with the first object that is created in it. Errors are those of
 * `openStorage`.
 *
 * ```ts
 * await using runtime = await createRuntime({ storage: { type: 'lmdb', path: './data' }, tenant: 'demo' })
 * ```
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const { tenant = 'default', namespace = 'default', user = defaultUser, userAgent = scriptName() } = options
  const storage = await open(options.storage, options.clock)
  try {
    const registry = new ResourceRegistry(storage)
    const functions = new AdmissionFunctions()
    const handler = buildChain([requestCheck], registryStore({ storage, registry }, functions))
    const work = new WorkTracker(() => storage.pendingWrites ?? 0)
    const answering = new InProcessTransport(handler, registry, work)
    const transport = options.wrapTransport?.(answering) ?? answering
    const clients: TransportClient[] = []
    const makeClient = async (clientOptions: { tenant: string; namespace: string; user: UserInfo }) => {
      const { openTenant } = await import('./lifecycle/tenant.ts')
      await openTenant(storage, clientOptions.tenant)
      const client = new TransportClient({ transport, userAgent, ...clientOptions })
      clients.push(client)
      return client
    }
    return {
      client: await makeClient({ tenant, namespace, user }),
      transport,
      clock: storage.clock,
      admission: functions,
      clientFor: (wanted) => makeClient({ tenant, namespace, user, ...wanted }),
      registerAPI(...kinds) {
        for (const kind of kinds) {
          registry.register(kind)
          for (const client of clients) client.mapper.remember(kind)
        }
      },
      work,
      async shutdown({ timeoutMs = defaultShutdownTimeout } = {}) {
        const left = await work.finish(storage.clock, timeoutMs)
        await storage.close()
        return left
      },
      close: () => storage.close(),
      [Symbol.asyncDispose]: () => storage.close(),
    }
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function open(
  storage: StorageConfig | StorageInterface = {},
  clock: Clock | undefined,
): Promise<StorageInterface> {
  if ('guaranteedUpdate' in storage) {
    if (clock === undefined || clock === storage.clock) return storage
    throw newBadRequest('the store has another clock than the runtime: open it with the clock')
  }
  const { openStorage } = await import('@k1s/storage')
  return openStorage(clock === undefined ? storage : { ...storage, clock }, {
    lmdb: () => import('@k1s/storage-lmdb'),
  })
}
