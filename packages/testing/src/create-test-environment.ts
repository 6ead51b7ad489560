import { type Clock, checkFields, type FieldsOf, systemClock } from '@k1s/apimachinery'
import {
  type Manager,
  type ManagerOptions,
  newManager,
  type ReconcileFunction,
  type Reconciler,
} from '@k1s/controller-runtime'
import { createRuntime, type Runtime, type UserInfo } from '@k1s/core'
import { openStorage, type StorageInterface } from '@k1s/storage'
import { CollectingLogger, type LogLine } from './controllers/collecting-logger.ts'
import { reconcileOnce } from './controllers/reconcile-once.ts'
import { type EventuallyOptions, eventually } from './eventually/eventually.ts'
import { FakeClock } from './fake-clock.ts'
import { FaultInjector } from './faults/fault-injector.ts'
import { KnownResources } from './requests/known-resources.ts'
import { recordingTransport } from './requests/recording-transport.ts'
import { RequestRecorder } from './requests/request-recorder.ts'
import type { ServedEnvironment, ServeOptions } from './serve/served-environment.ts'
import { addCaller } from './set-up/add-caller.ts'
import type { TestEnvironment, TestEnvironmentOptions } from './test-environment.ts'

/**
 * A Kubernetes API of its own for a test, in memory: `envtest.Environment` of controller-runtime, in milliseconds and without
 * processes. Throws an Error that tells what is wrong with its options, or with the objects it is to begin with.
 *
 * ```ts
 * await using env = await createTestEnvironment({ crds: 'config/crd', objects: 'test/objects.yaml', clock: 'fake' })
 * await env.reconcile(reconciler, { namespace: 'default', name: 'laptop' })
 * ```
 */
export function createTestEnvironment(
  options: TestEnvironmentOptions & { readonly clock: 'fake' },
): Promise<TestEnvironment<FakeClock>>
export function createTestEnvironment<C extends Clock>(
  options: TestEnvironmentOptions & { readonly clock: C },
): Promise<TestEnvironment<C>>
export function createTestEnvironment(options?: TestEnvironmentOptions): Promise<TestEnvironment>
export async function createTestEnvironment(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  checkFields('createTestEnvironment', options, environmentFields)
  const clock = clockOf(options.clock)
  const { tenant = 'default', namespace = 'default', kinds = [], crds, objects } = options
  const user = options.user === undefined ? undefined : userOf(options.user)
  const storage = await openStorage({ type: 'memory', clock })
  const known = new KnownResources()
  const faults = new FaultInjector(clock, known)
  const requests = new RequestRecorder(known)
  const runtime = await createRuntime({
    storage,
    tenant,
    namespace,
    ...(user !== undefined && { user }),
    wrapTransport: (transport) =>
      recordingTransport(faults.transport(known.transport(transport)), requests, clock),
  })
  try {
    if (kinds.length > 0) runtime.registerAPI(...kinds)
    if (crds !== undefined || objects !== undefined || namespace !== 'default') {
      const { createObjects } = await import('./set-up/create-objects.ts')
      const client = await runtime.clientFor({ user: administrator })
      await createObjects({ client, transport: runtime.transport }, options)
      requests.clear()
    }
    known.addDiscovered(await runtime.transport.discover(tenant))
    return new MemoryEnvironment({
      runtime: {
        ...runtime,
        registerAPI(...kinds) {
          runtime.registerAPI(...kinds)
          known.addKinds(kinds)
        },
      },
      storage,
      faults,
      requests,
      tenant,
      namespace,
      user: user ?? administrator,
    })
  } catch (error) {
    addCaller(error, createTestEnvironment)
    await runtime.close()
    throw error
  }
}

const environmentFields: FieldsOf<TestEnvironmentOptions> = {
  crds: true,
  kinds: true,
  objects: true,
  clock: true,
  tenant: true,
  namespace: true,
  user: true,
}

const serveFields: FieldsOf<ServeOptions> = { tls: true, user: true, writeKubeconfig: true }

function clockOf(wanted: TestEnvironmentOptions['clock'] = systemClock): Clock {
  if (wanted === 'fake') return new FakeClock()
  if (typeof wanted?.now === 'function') return wanted
  throw new TypeError(`createTestEnvironment: clock is "fake" or a Clock, not ${JSON.stringify(wanted)}`)
}

/** How long a manager that still runs is waited for when its environment closes, milliseconds. */
const closeTimeoutMs = 1000

/** Whom a Runtime takes for the user when none is named. */
const administrator: UserInfo = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] }

function userOf(user: UserInfo | string): UserInfo {
  return typeof user === 'string' ? { name: user, groups: ['system:authenticated'] } : user
}

interface Parts {
  readonly runtime: Runtime
  readonly storage: StorageInterface
  readonly faults: FaultInjector
  readonly requests: RequestRecorder
  readonly tenant: string
  readonly namespace: string
  readonly user: UserInfo
}

class MemoryEnvironment implements TestEnvironment {
  readonly runtime: Runtime
  readonly faults: FaultInjector
  readonly requests: RequestRecorder
  readonly logs: LogLine[] = []
  readonly #parts: Parts
  readonly #logger = new CollectingLogger(this.logs)
  readonly #served: ServedEnvironment[] = []
  readonly #closed = new AbortController()
  #closing: Promise<void> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.runtime = parts.runtime
    this.faults = parts.faults
    this.requests = parts.requests
  }

  get client() {
    return this.runtime.client
  }

  get transport() {
    return this.runtime.transport
  }

  get clock() {
    return this.runtime.clock
  }

  clientFor(user: UserInfo | string, options: { namespace?: string; tenant?: string } = {}) {
    return this.runtime.clientFor({ ...options, user: userOf(user) })
  }

  async serve(options: ServeOptions = {}): Promise<ServedEnvironment> {
    checkFields('serve', options, serveFields)
    const { tls = false, writeKubeconfig = false, user } = options
    const { storage, tenant, namespace } = this.#parts
    const { serveEnvironment } = await import('./serve/serve-environment.ts')
    const served = await serveEnvironment({
      transport: this.transport,
      storage,
      tenant,
      namespace,
      user: user === undefined ? this.#parts.user : userOf(user),
      tls,
      writeKubeconfig,
      onError: (error) => this.#logger.withName('serve').error(error, 'A request failed'),
    })
    if (this.#closed.signal.aborted) {
      await served.close()
      throw new Error('the environment is closed')
    }
    this.#served.push(served)
    return served
  }

  manager(options: ManagerOptions = {}): Manager {
    return newManager(this.runtime, { logger: this.#logger, ...options })
  }

  reconcile(
    reconciler: Reconciler | ReconcileFunction,
    { name, namespace = this.#parts.namespace }: { readonly name: string; readonly namespace?: string },
  ) {
    return reconcileOnce(reconciler, { namespace, name }, this.#logger, this.#closed.signal)
  }

  eventually<T>(attempt: () => T | Promise<T>, options: Omit<EventuallyOptions, 'clock'> = {}): Promise<T> {
    return eventually(attempt, { ...options, clock: this.clock })
  }

  async compact(): Promise<void> {
    const { storage } = this.#parts
    await storage.compact(await storage.currentRevision())
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#closed.abort()
    // A manager that a test has left running keeps how far it is, and gives its Leases back.
    this.faults.clear()
    this.runtime.work.cancel()
    await this.runtime.work.finish(systemClock, closeTimeoutMs)
    this.faults.close()
    await Promise.all(this.#served.map((served) => served.close()))
    await this.runtime.close()
  }
}
