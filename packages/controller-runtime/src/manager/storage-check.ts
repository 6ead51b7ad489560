import { sleep, systemClock } from '@k1s/apimachinery'

/** How often it is looked whether the store is still there, milliseconds of this machine. */
const interval = 1000

/**
 * Runs something that writes to a store. Once the store is lost, the signal that it gets aborts, and what `check` throws is thrown:
 * nobody will see what was written since.
 */
export async function withStorageCheck<T>(
  check: (() => void) | undefined,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (check === undefined) return run(signal)
  check()
  const ended = new AbortController()
  const lost = new AbortController()
  checkUntil(ended.signal, check).catch((error) => lost.abort(error))
  try {
    const result = await run(AbortSignal.any([signal, lost.signal]))
    lost.signal.throwIfAborted()
    // Whoever has stopped it may have removed the store by now.
    if (!signal.aborted) check()
    return result
  } catch (error) {
    check()
    throw error
  } finally {
    ended.abort()
  }
}

async function checkUntil(ended: AbortSignal, check: () => void): Promise<void> {
  while (!ended.aborted) {
    check()
    await sleep(systemClock, interval, ended)
  }
}
