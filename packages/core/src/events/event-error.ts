import type { RecordedEvent } from './recorded-event.ts'
import type { SeriesEvent } from './series-event.ts'

export type AnyEvent = RecordedEvent | SeriesEvent

/** An Event that was not recorded, or not yet. The cause, if there is one, is what went wrong. */
export class EventError extends Error {
  /** Undefined if there was not enough to make one. */
  declare readonly event?: AnyEvent

  constructor(message: string, event?: AnyEvent, cause?: unknown) {
    super(
      cause === undefined ? message : `${message}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause === undefined ? undefined : { cause },
    )
    this.name = 'EventError'
    if (event !== undefined) this.event = event
  }
}
