import { type Clock, sleep } from '@k1s/apimachinery'
import { isConfigurationError } from '../http/configuration-error.ts'
import { type AnyEvent, EventError } from './event-error.ts'

const maxTriesPerEvent = 12
/** Milliseconds between two tries. */
export const retryDelay = 10_000

export interface WriteOptions {
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** Aborted, nothing is tried a second time. */
  readonly stop: AbortSignal
  /** How long is waited after so many tries, in milliseconds. */
  readonly delayAfter: (tries: number) => number
}

/**
 * Tries to write an Event until `attempt` does not throw, 12 times at most. `isFinal` says of an error whether another attempt would
 * end in the same way. Never throws: each failure is told to `onError`.
 */
export async function writeWithRetries(
  event: AnyEvent,
  attempt: () => Promise<void>,
  isFinal: (error: unknown) => boolean,
  { clock, onError, stop, delayAfter }: WriteOptions,
): Promise<void> {
  const tell = (message: string, error: unknown) => onError(new EventError(message, event, error))
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (isConfigurationError(error)) return tell('Unable to construct event (will not retry!)', error)
      if (isFinal(error)) return tell('Server rejected event (will not retry!)', error)
      if (tries === maxTriesPerEvent) return tell('Unable to write event (retry limit exceeded!)', error)
      if (!stop.aborted) {
        tell('Unable to write event (may retry after sleeping)', error)
        await sleep(clock, delayAfter(tries), stop)
      }
      if (stop.aborted) return tell('Unable to write event (broadcaster is shut down)', error)
    }
  }
}
