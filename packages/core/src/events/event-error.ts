import type { RecordedEvent } from './recorded-event.ts'

/** An Event that was not recorded, or not yet. The cause, if there is one, is what went wrong. */
export class EventError extends Error {
  /** Undefined if there was not enough to make one. */
  declare readonly event?: RecordedEvent

  constructor(message: string, event?: RecordedEvent, cause?: unknown) {
    super(
      cause instanceof Error ? `${message}: ${cause.message}` : message,
      cause === undefined ? undefined : { cause },
    )
    this.name = 'EventError'
    if (event !== undefined) this.event = event
  }
}
