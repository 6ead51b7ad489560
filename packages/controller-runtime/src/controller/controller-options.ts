import type { FieldsOf } from '@k1s/apimachinery'
import type { Duration } from '../duration.ts'
import type { RateLimiter } from '../queue/request-queue.ts'

/** `controller.Options`. */
export interface ControllerOptions {
  /** How many requests are reconciled at a time. Default: 1. */
  readonly maxConcurrentReconciles?: number
  /** Default: 5 ms, doubled with each failure of a request up to 1,000 s. */
  readonly rateLimiter?: RateLimiter
  /** How long `start` waits for the caches of the controller's sources. Default: 2 minutes. */
  readonly cacheSyncTimeout?: Duration
  /** How long one reconcile may take: its signal then aborts. Default: no limit. */
  readonly reconciliationTimeout?: Duration
  /** Run only in the elected manager. Default: true. */
  readonly needLeaderElection?: boolean
}

export const controllerOptionFields: FieldsOf<ControllerOptions> = {
  maxConcurrentReconciles: true,
  rateLimiter: true,
  cacheSyncTimeout: true,
  reconciliationTimeout: true,
  needLeaderElection: true,
}
