/**
 * Calls a function with each item, some at a time, in order. Ends early when `signal` is aborted, after the calls that
 * are under way; returns how many items were not taken up. The first error that a call throws ends it as well.
 */
export async function forEachAtOnce<T>(
  items: readonly T[],
  width: number,
  call: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<number> {
  let next = 0
  let failed = false
  const work = async () => {
    while (next < items.length && !failed && signal?.aborted !== true) {
      const item = items[next++]!
      try {
        await call(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, work))
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason
  return items.length - next
}
