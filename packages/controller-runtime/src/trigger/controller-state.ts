import type { PendingRequest } from '../queue/request-queue.ts'

/** The resourceVersions that were reached, by resource: `items.inventory.k1s.dev`. */
export interface ResourceVersions {
  [resource: string]: string
}

/** What a controller remembers from one process to the next. */
export interface ControllerState {
  /**
   * For each resource that it watches, the version up to which it is done with all events, except for what is `pending`. A
   * resource that is missing here was never seen: all its objects have to be reconciled. A manager of several namespaces adds how
   * far it is in each of them, which may be further (`items.inventory.k1s.dev/default`).
   */
  readonly resourceVersions: Readonly<ResourceVersions>
  /** Requests that wait for their time, and those that were left when the last run ended. */
  readonly pending: readonly PendingRequest[]
  /** When the last period began, in milliseconds since the epoch. Undefined if there was none. */
  readonly lastPeriod: number | undefined
  /**
   * When this state was saved, in milliseconds since the epoch: whatever in `pending` was due by then is overdue, and not only
   * waiting for its time. Undefined if it is not known.
   */
  readonly savedAt: number | undefined
}
