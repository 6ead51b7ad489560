import type { Clock } from '@k1s/apimachinery'

/** Calls something with a signal that aborts after `patience` milliseconds. Throws what the call throws, also because of the signal. */
export async function inTime<T>(
  clock: Clock,
  patience: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = clock
    .setTimer(() => late.abort(new Error(`there was no answer in ${patience} ms`)), patience)
    .unref()
  try {
    return await call(late.signal)
  } finally {
    timer.cancel()
  }
}
