import type { Clock, KubernetesObject } from '@k1s/apimachinery'
import type { StorageConfig, StorageInterface } from '@k1s/storage'
import type { AdmissionFunctions } from './admission/admission-functions.ts'
import type { Client } from './client.ts'
import type { KindDefinition } from './kind.ts'
import type { Transport, UserInfo } from './request.ts'
import type { Work, WorkTracker } from './work/work-tracker.ts'

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
  /**
   * ServiceUnavailable if somebody removed or replaced the store: what is written from then on is lost. Absent where nobody can, as in
   * memory. It costs a look at a file. Controllers of this runtime call it while they run.
   */
  readonly checkStorage?: () => void
  /** What is under way. Its signal aborts when `shutdown` is called; controllers of this runtime heed it. */
  readonly work: WorkTracker
  /**
   * Ends in good order: reconciles take nothing new, what is under way is waited for, requests are refused with
   * ServiceUnavailable, and the store is closed. Resolves to what was left after `timeoutMs`, 30 seconds unless set: what it
   * wrote by then is whole, and what was acknowledged is kept.
   */
  shutdown(options?: { timeoutMs?: number }): Promise<readonly Work[]>
  /** Closes the store, and tells controllers to end at once. Requests under way fail, unless their write has begun. */
  close(): Promise<void>
}

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
  // Programs that only name kinds, or connect to a server, do without all that serves them.
  const { openRuntime } = await import('./open-runtime.ts')
  return openRuntime(options)
}
