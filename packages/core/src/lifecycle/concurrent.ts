/** How many writes are under way at once, so that they share commits. */
const width = 64

/** Runs `work` on every item, some at a time. The first error ends it, after those under way. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < items.length) await work(items[next++]!)
  }
  const results = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, worker))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
