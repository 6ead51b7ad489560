import type { Unstructured, WatchEvent } from '@k1s/apimachinery'

export type Events = AsyncIterable<WatchEvent<Unstructured>>

/**
 * The events of a watch, for who wants to know when it begins and ends. It begins with the first `next`. A generator would not
 * do: its `return` waits for a `next` that is under way, which may be for ever.
 */
export function observedEvents(
  open: () => Events | Promise<Events>,
  ended: (error?: unknown) => void,
): AsyncIterableIterator<WatchEvent<Unstructured>> {
  let source: Promise<AsyncIterator<WatchEvent<Unstructured>>> | undefined
  let hasEnded = false
  const end = (error?: unknown) => {
    if (hasEnded) return
    hasEnded = true
    ended(error)
  }
  return {
    async next() {
      if (hasEnded) return { done: true, value: undefined }
      try {
        source ??= Promise.resolve(open()).then((events) => events[Symbol.asyncIterator]())
        const result = await (await source).next()
        if (result.done) end()
        return result
      } catch (error) {
        end(error)
        throw error
      }
    },
    async return() {
      const begun = source !== undefined
      if (!begun) hasEnded = true
      else {
        const events = await source?.catch(() => undefined)
        await events?.return?.()
        end()
      }
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
