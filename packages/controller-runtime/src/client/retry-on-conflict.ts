import { type Clock, isConflict, sleep, systemClock } from '@k1s/apimachinery'
import { type Duration, milliseconds } from '../duration.ts'

/** How often something is tried, and how long after each other: `wait.Backoff`. */
export interface RetryBackoff {
  /** How often it is tried at most. Default: 5. */
  readonly steps?: number
  /** How long it waits before the second try. Default: 10 ms. */
  readonly duration?: Duration
  /** By how much each wait is longer than the one before. Default: 1. */
  readonly factor?: number
  /** By what part of itself a wait may be longer, at random. Default: 0.1. */
  readonly jitter?: number
  readonly clock?: Clock
  /** Ends the waiting; the last conflict is thrown then. */
  readonly signal?: AbortSignal
}

/**
 * Calls a function again as long as it throws a Conflict: `RetryOnConflict` of `k8s.io/client-go/util/retry`, with `DefaultRetry`
 * unless something else is given. The function has to read the object anew each time before it writes it. Throws what the function
 * throws: the last Conflict when there were as many as `steps`.
 *
 * ```ts
 * await retryOnConflict(async () => {
 *   const item = await client.get(Item, request)
 *   return client.update({ ...item, spec: { ...item.spec, quantity: item.spec.quantity - 1 } })
 * })
 * ```
 */
export async function retryOnConflict<T>(
  attempt: () => Promise<T>,
  { steps = 5, duration = 10, factor = 1, jitter = 0.1, clock = systemClock, signal }: RetryBackoff = {},
): Promise<T> {
  let wait = milliseconds(duration)
  for (let left = steps - 1; ; left--) {
    try {
      return await attempt()
    } catch (error) {
      if (!isConflict(error) || left <= 0) throw error
      await sleep(clock, wait * (1 + jitter * Math.random()), signal)
      if (signal?.aborted) throw error
      wait *= factor
    }
  }
}
