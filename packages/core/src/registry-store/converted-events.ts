import type { Unstructured, WatchEvent } from '@k1s/apimachinery'

type Event = WatchEvent<Unstructured>

/** Events, each through `convert`, which answers at once for all but the rare event. */
export function convertedEvents(
  events: AsyncIterable<Event>,
  convert: (event: Event) => Event | Promise<Event>,
): AsyncIterable<Event> {
  return {
    [Symbol.asyncIterator]() {
      const source = events[Symbol.asyncIterator]()
      return {
        async next() {
          const result = await source.next()
          if (result.done === true) return result
          const converted = convert(result.value)
          return { done: false, value: converted instanceof Promise ? await converted : converted }
        },
        async return() {
          await source.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
