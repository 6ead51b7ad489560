import type { PendingRequest } from '../queue/request-queue.ts'

/** What a controller remembers from one process to the next. */
export interface ControllerState {
  /**
   * Of each kind that it watches, by resource (`items.inventory.k1s.dev`): all events up to this one are done with, but for
   * `pending`. Of a kind that is not there, all objects have to be looked at. Of several namespaces, some may have been seen
   * further (`items.inventory.k1s.dev/default`).
   */
  readonly resourceVersions: { readonly [resource: string]: string }
  /** Requests that are due later, and such that had to be left. */
  readonly pending: readonly PendingRequest[]
  /** When a periodic controller last began with all objects, in milliseconds since the epoch. */
  readonly lastPeriod: number | undefined
  /**
   * When this was so, by the clock by which the requests are due: those that are due no later were to be done then. Undefined if
   * that is not known.
   */
  readonly savedAt: number | undefined
}
