import { isAlreadyExists, isNotFound, isStatusError, statusCause } from '@k1s/apimachinery'
import type { CorrelatorOptions } from './correlator-options.ts'
import { EventCorrelator } from './event-correlator.ts'
import type { CountedEvent } from './event-counter.ts'
import type { EventSink } from './event-sink.ts'
import type { RecordedEvent } from './recorded-event.ts'
import { retryDelay, type WriteOptions, writeWithRetries } from './write-with-retries.ts'

export interface EventWriterOptions extends Omit<WriteOptions, 'delayAfter'> {
  readonly sink: EventSink
  readonly correlator: CorrelatorOptions
}

/**
 * Writes Events to a sink, and again if it could not be reached: `recordToSink` of
 * `k8s.io/client-go/tools/record/event.go`.
 */
export class EventWriter {
  readonly #options: WriteOptions
  readonly #sink: EventSink
  readonly #correlator: EventCorrelator

  constructor({ sink, correlator, ...options }: EventWriterOptions) {
    // Programs that lost the same server do not all come back at once.
    const delayAfter = (tries: number) => (tries === 1 ? retryDelay * Math.random() : retryDelay)
    this.#options = { ...options, delayAfter }
    this.#sink = sink
    this.#correlator = new EventCorrelator(correlator, options.clock)
  }

  /** Resolves when it was written, put together with others, or given up. */
  async write(event: RecordedEvent): Promise<void> {
    const counted = this.#correlator.correlate(event)
    if (counted === undefined) return
    await writeWithRetries(counted.event, () => this.#attempt(counted), isStatusError, this.#options)
  }

  async #attempt(counted: CountedEvent): Promise<void> {
    try {
      this.#correlator.update(await this.#store(counted))
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error
    }
  }

  async #store({ event, patch }: CountedEvent): Promise<RecordedEvent> {
    if (patch === undefined) return this.#sink.create(event)
    try {
      return await this.#sink.patch(event, patch)
    } catch (error) {
      if (isNotFound(error)) return this.#sink.create(event)
      throw error
    }
  }
}

/** `HasStatusCause(err, NamespaceTerminatingCause)`. */
function isNamespaceTerminating(error: unknown): boolean {
  return statusCause(error, 'NamespaceTerminating') !== undefined
}
