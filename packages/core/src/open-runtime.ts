import { type Clock, newBadRequest } from '@k1s/apimachinery'
import type { StorageConfig, StorageInterface } from '@k1s/storage'
import { AdmissionFunctions } from './admission/admission-functions.ts'
import { buildChain } from './chain/handler.ts'
import { InProcessTransport } from './chain/in-process-transport.ts'
import { requestCheck } from './chain/request-check.ts'
import { TransportClient } from './client/transport-client.ts'
import { ResourceRegistry } from './registry/resource-registry.ts'
import { registryStore } from './registry-store/registry-store.ts'
import type { UserInfo } from './request.ts'
import type { Runtime, RuntimeOptions } from './runtime.ts'
import { scriptName } from './script-name.ts'
import { WorkTracker } from './work/work-tracker.ts'

const defaultShutdownTimeout = 30_000

const defaultUser: UserInfo = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] }

/** What `createRuntime` promises. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
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
    const close = () => {
      // Controllers would go on without a store.
      work.cancel()
      return storage.close()
    }
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
      ...(storage.checkLocation !== undefined && { checkStorage: storage.checkLocation }),
      async shutdown({ timeoutMs = defaultShutdownTimeout } = {}) {
        const left = await work.finish(storage.clock, timeoutMs)
        await storage.close()
        return left
      },
      close,
      [Symbol.asyncDispose]: close,
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
