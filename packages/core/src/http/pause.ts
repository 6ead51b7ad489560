import { setTimeout as wait } from 'node:timers/promises'

/** The longest time that a timer of Node can take, 24.8 days: it takes more than that for none at all. */
export const longestTimerMs = 2 ** 31 - 1

/** Waits as many milliseconds. Fails with an AbortError when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms > 0) await wait(Math.min(ms, longestTimerMs), undefined, signal && { signal })
}
