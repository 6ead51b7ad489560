import type { Clock } from '@k1s/apimachinery'
import type { Client, Transport, WorkTracker } from '@k1s/core'
import type { EventRecorder } from '@k1s/core/events'
import type { Cache, Reader } from '../cache/cache.ts'
import type { ControllerDefinition } from '../controller/controller-definition.ts'
import type { ControllerOptions } from '../controller/controller-options.ts'
import type { ManagedController } from '../controller/managed-controller.ts'
import type { Duration } from '../duration.ts'
import type { HealthCheck } from '../health/health-check.ts'
import type { LeaderElectionOptions } from '../leader-election/leader-election-options.ts'
import type { Logger } from '../log/logger.ts'
import type { Registry } from '../metrics/registry.ts'
import type { RunReport } from '../trigger/run-report.ts'

/** What controllers work on: a `Runtime`, a `Connection`, or a client alone. */
export interface ManagedAPI {
  readonly client: Client
  /** Default: the time of this machine. */
  readonly clock?: Clock
  /** The transport of `client`. With one that has `changes`, triggered runs need neither lists nor watches. */
  readonly transport?: Transport
  /** Counts the reconciles that are under way, and tells managers when they are to end. */
  readonly work?: WorkTracker
  /** Throws once the store is lost. It is called every second while the manager runs, which then ends with what it throws. */
  readonly checkStorage?: () => void
}

/** `manager.Options`. */
export interface ManagerOptions {
  /** Default: lines of JSON on standard error. */
  readonly logger?: Logger
  /** The level of lines that say what `start` starts, stops and waits for. Default: `info`, as in controller-runtime. */
  readonly lifecycleLogLevel?: 'debug' | 'info'
  /** Elect one of several running managers. Triggered runs and controllers need none: each controller has a Lease of its own. */
  readonly leaderElection?: LeaderElectionOptions
  /** Where `/metrics` is served while the manager runs, such as `127.0.0.1:8080`. Default: nowhere, as with `0`. */
  readonly metricsBindAddress?: string
  /** Where `/healthz` and `/readyz` are served while the manager runs. Default: nowhere, as with `0`. */
  readonly healthProbeBindAddress?: string
  /**
   * How long `start` waits for what is under way once its signal has aborted. Reconciles that take longer have their signal
   * aborted, and `start` throws if anything goes on even then. Default: 30 s.
   */
  readonly gracefulShutdownTimeout?: Duration
  /** Defaults of all controllers. */
  readonly controller?: ControllerOptions
  /** Every so often each object is reconciled again, if nothing happened to it: `cache.Options.SyncPeriod`. Default: never. */
  readonly syncPeriod?: Duration
  /** The only namespaces that are watched. Default, and if there are none: all. */
  readonly namespaces?: readonly string[]
  /** Where the Leases and states of controllers are. Default: `kube-system`. */
  readonly stateNamespace?: string
}

/** Something else that runs while the manager runs: `manager.Runnable`. */
export interface Runnable {
  /** Resolves when it has ended; the manager ends when it throws. */
  start(signal: AbortSignal): Promise<void>
  /** Default: true. */
  readonly needLeaderElection?: boolean
}

/** How far a triggered run goes. */
export interface RunOptions {
  /** Only these controllers, by name; those whose trigger is manual too. Default: all others. */
  readonly controllers?: readonly string[]
  /** Try again what failed, if what is left of its back-off is at most this. All else is remembered. Default: 1 s. */
  readonly retryWithin?: Duration
  /** Wait for what is due later as well, a `requeueAfter` or a longer back-off, until there is nothing. Default: false. */
  readonly untilIdle?: boolean
  /** Stop then, remember what is left, and say so. Default: never. */
  readonly deadline?: Duration
  readonly signal?: AbortSignal
  /** Called now and then with how far the run is. */
  readonly onProgress?: (progress: RunProgress) => void
}

export interface RunProgress {
  readonly controller: string
  readonly reconciles: number
  /** How many requests are due. */
  readonly queued: number
}

/** Holds what controllers share, and runs them: `manager.Manager`. Made by `newManager`. */
export interface Manager {
  /** Reads from the cache, writes to the API. */
  readonly client: Client & Reader
  /** Reads and writes the API itself: `GetAPIReader`. */
  readonly apiReader: Client
  readonly cache: Cache
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Registry
  /** Resolves once this manager is elected, or, without an election, is started. A triggered run does not resolve it. */
  readonly elected: Promise<void>
  /** Records Events in the name of a component: `GetEventRecorder`. */
  eventRecorderFor(name: string): EventRecorder
  /** Those that were added, in this order. */
  readonly controllers: readonly ManagedController[]
  /**
   * A new controller, as the builder makes it: `controller.New`. Throws an Error if its name is no DNS label, or is that of
   * another controller of this manager. If the manager is started, so is the controller; a triggered run that is under way does
   * not run it.
   */
  addController(definition: ControllerDefinition): ManagedController
  /**
   * Runs something else beside the controllers, from now on if the manager is started. A function is one that needs to be elected:
   * `manager.RunnableFunc`. Throws a TypeError for what has no `start`.
   */
  add(runnable: Runnable | Runnable['start']): void
  /** Throws an Error if the manager is running. */
  addHealthzCheck(name: string, check: HealthCheck): void
  /** Throws an Error if the manager is running. */
  addReadyzCheck(name: string, check: HealthCheck): void
  /**
   * Runs everything until the signal aborts, then waits for what is under way. Throws what a runnable or the start of a
   * controller threw, and when the election is lost, after which nothing is waited for.
   */
  start(signal: AbortSignal): Promise<void>
  /**
   * A triggered run: reconciles what was written since each controller's last run, and the requests that are due, until nothing is
   * left, and returns. What goes wrong in a controller is in the report. Throws an Error for a name that no controller has
   * and for an option that there is not.
   */
  runOnce(options?: RunOptions): Promise<RunReport>
}
