/**
 * The items of an iterable that has yet to be asked for, without a promise of its own for each: an async generator
 * costs more turns of the microtask queue per event than the rest of a watch. Nothing is asked for before the
 * first `next`.
 */
export function forwardedEvents<T>(open: () => Promise<AsyncIterable<T>>): AsyncIterableIterator<T> {
  let opening: Promise<void> | undefined
  let source: AsyncIterator<T> | undefined
  let ended = false

  const ensureOpen = () => {
    opening ??= open().then(
      (events) => {
        source = events[Symbol.asyncIterator]()
      },
      (error) => {
        ended = true
        throw error
      },
    )
    return opening
  }

  return {
    next() {
      if (ended) return Promise.resolve({ done: true, value: undefined })
      if (source !== undefined) return source.next()
      return ensureOpen().then(() => (ended ? { done: true, value: undefined } : source!.next()))
    },
    async return() {
      ended = true
      await opening
      await source?.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
