import type { QueuedRequest, RequestQueue, WorkQueue } from '../queue/request-queue.ts'
import type { Source } from '../source/source.ts'
import type { Trigger } from '../trigger/trigger.ts'
import type { ReconcileFailure } from './controller.ts'
import type { ControllerOptions } from './controller-options.ts'

/** What applications see of a controller, which its manager runs: `controller.Controller`. */
export interface ManagedController {
  readonly name: string
  readonly sources: readonly Source[]
  readonly triggers: readonly Trigger[]
  readonly options: ControllerOptions
  /** How many requests are reconciled at a time. */
  readonly maxConcurrentReconciles: number
  /** How many reconciles have ended in this process, and how many of them failed. */
  readonly reconciles: number
  readonly failures: number
  /** Requests that failed and were not reconciled since, by `namespace/name`. */
  readonly failing: ReadonlyMap<string, ReconcileFailure>
  /** Requests that are being reconciled, by `namespace/name`. */
  readonly active: ReadonlyMap<string, QueuedRequest>
  /** Of the run that is under way. Throws an Error if there is none. */
  readonly queue: RequestQueue & Pick<WorkQueue, 'length' | 'pending'>
}
