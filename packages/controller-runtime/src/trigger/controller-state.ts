import type { PendingRequest } from '../queue/request-queue.ts'

/** What a controller remembers from one process to the next. */
export interface ControllerState {
  /** All events up to this one are done with, but for `pending`. Undefined: nothing is, all objects have to be looked at. */
  readonly resourceVersion: string | undefined
  /** Requests that are due later, and such that had to be left. */
  readonly pending: readonly PendingRequest[]
  /** When a periodic controller last began with all objects, in milliseconds since the epoch. */
  readonly lastPeriod: number | undefined
}
