import { type Clock, isAlreadyExists, isNotFound, isStatusError } from '@k1s/apimachinery'
import { isConfigurationError } from '../http/configuration-error.ts'
import type { CorrelatorOptions } from './correlator-options.ts'
import { EventCorrelator } from './event-correlator.ts'
import type { CountedEvent } from './event-counter.ts'
import { EventError } from './event-error.ts'
import type { EventSink } from './event-sink.ts'
import type { RecordedEvent } from './recorded-event.ts'

const maxTriesPerEvent = 12
/** Milliseconds between two tries. */
const retryDelay = 10_000

export interface EventWriterOptions {
  readonly sink: EventSink
  readonly correlator: CorrelatorOptions
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** Aborted, nothing is tried a second time. */
  readonly stop: AbortSignal
}

/**
 * Writes Events to a sink, and again if it could not be reached: `recordToSink` of
 * `k8s.io/client-go/tools/record/event.go`.
 */
export class EventWriter {
  readonly #options: EventWriterOptions
  readonly #correlator: EventCorrelator

  constructor(options: EventWriterOptions) {
    this.#options = options
    this.#correlator = new EventCorrelator(options.correlator, options.clock)
  }

  /** Resolves when it was written, put together with others, or given up. */
  async write(event: RecordedEvent): Promise<void> {
    const counted = this.#correlator.correlate(event)
    if (counted === undefined) return
    const { onError, stop } = this.#options
    for (let tries = 1; ; tries++) {
      const failure = await this.#try(counted)
      if (failure === undefined) return
      if (tries === maxTriesPerEvent) {
        return onError(
          new EventError('Unable to write event (retry limit exceeded!)', counted.event, failure),
        )
      }
      if (!stop.aborted) {
        onError(new EventError('Unable to write event (may retry after sleeping)', counted.event, failure))
        // Programs that lost the same server do not all come back at once.
        await this.#sleep(tries === 1 ? retryDelay * Math.random() : retryDelay)
      }
      if (stop.aborted) {
        const message = 'Unable to write event (broadcaster is shut down)'
        return onError(new EventError(message, counted.event, failure))
      }
    }
  }

  /** Returns an error after which it is tried again. */
  async #try(counted: CountedEvent): Promise<object | undefined> {
    try {
      this.#correlator.update(await this.#store(counted))
      return undefined
    } catch (error) {
      if (isConfigurationError(error)) {
        this.#refused('Unable to construct event (will not retry!)', counted, error)
      } else if (isStatusError(error)) {
        if (isAlreadyExists(error) || isNamespaceTerminating(error)) return undefined
        this.#refused('Server rejected event (will not retry!)', counted, error)
      } else {
        return error instanceof Error ? error : new Error(String(error))
      }
      return undefined
    }
  }

  #refused(message: string, { event }: CountedEvent, cause: unknown): void {
    this.#options.onError(new EventError(message, event, cause))
  }

  async #store({ event, patch }: CountedEvent): Promise<RecordedEvent> {
    const { sink } = this.#options
    if (patch === undefined) return sink.create(event)
    try {
      return await sink.patch(event, patch)
    } catch (error) {
      if (isNotFound(error)) return sink.create(event)
      throw error
    }
  }

  #sleep(delay: number): Promise<void> {
    const { clock, stop } = this.#options
    return new Promise((resolve) => {
      const awake = () => {
        timer.cancel()
        stop.removeEventListener('abort', awake)
        resolve()
      }
      const timer = clock.setTimer(awake, delay)
      stop.addEventListener('abort', awake)
    })
  }
}

/** `HasStatusCause(err, NamespaceTerminatingCause)`. */
function isNamespaceTerminating(error: {
  status: { details?: { causes?: { reason?: string }[] } }
}): boolean {
  return error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true
}
