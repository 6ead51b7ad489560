import type { Clock, KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Manager, ManagerOptions, ReconcileFunction, Reconciler, Result } from '@k1s/controller-runtime'
import type { Client, KindDefinition, Runtime, Transport, UserInfo } from '@k1s/core'
import type { LogLine } from './controllers/collecting-logger.ts'
import type { EventuallyOptions } from './eventually/eventually.ts'
import type { Faults } from './faults/faults.ts'
import type { RequestRecorder } from './requests/request-recorder.ts'
import type { ServedEnvironment, ServeOptions } from './serve/served-environment.ts'

/**
 * Objects, in one of the forms that tests have them in: the path of a YAML or JSON file, or of a directory that is searched
 * for them; a text of YAML or JSON, which is whatever has a line break, begins with `{` or has `apiVersion:` in it; an object.
 */
export type ObjectSource = string | URL | KubernetesObject | Unstructured

export interface TestEnvironmentOptions {
  /**
   * CustomResourceDefinitions, which are established when the environment is there: `CRDDirectoryPaths` and `CRDs` of
   * controller-runtime's envtest. Of files, other objects are left alone.
   */
  readonly crds?: ObjectSource | readonly ObjectSource[]
  /** Kinds declared with `defineKind`: what `runtime.registerAPI` takes. */
  readonly kinds?: readonly KindDefinition<KubernetesObject>[]
  /**
   * Objects that are there when the test begins. They are created in the order in which they need each other: namespaces and
   * definitions first, owners before what they own, whose references get the owners' uids. Their status is set as well. Fields
   * that their kind does not have are an error.
   */
  readonly objects?: ObjectSource | readonly ObjectSource[]
  /** `fake` is a new FakeClock. Default: the time of the machine. */
  readonly clock?: Clock | 'fake'
  /** Default: `default`. */
  readonly tenant?: string
  /** Where namespaced objects are that name no namespace. It is created if need be. Default: `default`. */
  readonly namespace?: string
  /** Who makes the requests of `client`: a user, or the name of one. Default: `system:admin`. */
  readonly user?: UserInfo | string
}

/**
 * The Kubernetes API for one test, in memory. Faults and records are about what is asked of it from outside: by clients, managers,
 * `transport` and the HTTP endpoint, and not about what it did to be set up.
 */
export interface TestEnvironment<C extends Clock = Clock> extends AsyncDisposable {
  readonly client: Client
  readonly runtime: Runtime
  readonly transport: Transport
  /** By which objects expire, timestamps are set, and latencies and managers wait. */
  readonly clock: C
  /** What goes wrong, when the test wants it to. */
  readonly faults: Faults
  /** What was asked. */
  readonly requests: RequestRecorder
  /** What managers and reconcilers of this environment logged. */
  readonly logs: readonly LogLine[]
  /** Another user's client. */
  clientFor(user: UserInfo | string, options?: { namespace?: string; tenant?: string }): Promise<Client>
  /**
   * The API over HTTP, on a free port of the loopback interface, for programs that know nothing of k1s. It ends with the
   * environment; throws an Error if that is closed.
   */
  serve(options?: ServeOptions): Promise<ServedEnvironment>
  /** A manager of `@k1s/controller-runtime` on this environment, with its clock, which logs to `logs`. */
  manager(options?: ManagerOptions): Manager
  /**
   * Calls a reconciler once, outside of any controller. What it throws is thrown. Without a `namespace` the request has that of
   * the environment, as calls of `client` have; one for a cluster-scoped object has the empty one.
   */
  reconcile(
    reconciler: Reconciler | ReconcileFunction,
    request: { readonly name: string; readonly namespace?: string },
  ): Promise<Result>
  /** `eventually` on the clock of this environment. */
  eventually<T>(attempt: () => T | Promise<T>, options?: Omit<EventuallyOptions, 'clock'>): Promise<T>
  /** Forgets all history: lists and watches at any resourceVersion but the newest are answered with 410 from now on. */
  compact(): Promise<void>
  /** Ends managers that still run, HTTP endpoints, watches and waiting requests. */
  close(): Promise<void>
}
