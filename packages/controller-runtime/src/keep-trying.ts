import { type Clock, sleep } from '@k1s/apimachinery'

/** The wait after the first failure, which is doubled with each one up to the longest; milliseconds. */
const firstWait = 100
const longestWait = 30_000

export interface KeepTryingOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Called with what each call throws, unless the signal has aborted. */
  readonly onFailure: (error: unknown) => void
}

/** Calls something until it does not throw, after longer and longer waits. False if the signal aborts before. */
export async function keepTrying(
  call: () => void | Promise<void>,
  { clock, signal, onFailure }: KeepTryingOptions,
): Promise<boolean> {
  for (let wait = firstWait; !signal.aborted; wait = Math.min(2 * wait, longestWait)) {
    try {
      await call()
      return true
    } catch (error) {
      if (signal.aborted) return false
      onFailure(error)
    }
    await sleep(clock, wait, signal)
  }
  return false
}
