import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { GenericEvent } from '../event.ts'

/**
 * Brings events from a place that can call a function, such as a webhook, to a `channelSource`. It holds up to `bufferSize` of
 * them; who sends more waits. One source reads from it.
 *
 * ```ts
 * const events = new EventChannel<Item>()
 * builder.watchesRawSource(channelSource('webhook', events, enqueueRequestForObject()))
 * await events.send({ object: item })
 * ```
 */
export class EventChannel<T extends KubernetesObject = Unstructured>
  implements AsyncIterable<GenericEvent<T>>
{
  readonly #bufferSize: number
  readonly #buffer: GenericEvent<T>[] = []
  /** What waits for room in the buffer. */
  readonly #unsent: { readonly event: GenericEvent<T>; readonly sent: () => void }[] = []
  readonly #readers: ((result: Read<T>) => void)[] = []
  #isClosed = false

  /** Throws a RangeError if the size is not a whole number of at least 0. */
  constructor({ bufferSize = 1024 }: { readonly bufferSize?: number } = {}) {
    if (!Number.isInteger(bufferSize) || bufferSize < 0) {
      throw new RangeError(`bufferSize must be a whole number of at least 0, not ${bufferSize}`)
    }
    this.#bufferSize = bufferSize
  }

  /** Resolves when the event is read or buffered. Throws an Error if the channel is closed. */
  send(event: GenericEvent<T>): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('send on closed channel'))
    const reader = this.#readers.shift()
    if (reader !== undefined) reader({ done: false, value: event })
    else if (this.#buffer.length < this.#bufferSize) this.#buffer.push(event)
    else return new Promise((sent) => this.#unsent.push({ event, sent }))
    return Promise.resolve()
  }

  /** No more events are taken; those that were sent are still read. */
  close(): void {
    this.#isClosed = true
    this.#endReaders()
  }

  /** Ending the iteration leaves the channel open to be read again. */
  [Symbol.asyncIterator](): AsyncIterator<GenericEvent<T>, undefined> {
    return {
      next: () => this.#read(),
      return: () => {
        this.#endReaders()
        return Promise.resolve({ done: true, value: undefined })
      },
    }
  }

  #read(): Promise<Read<T>> {
    const next = this.#unsent.shift()
    if (next !== undefined) this.#buffer.push(next.event)
    next?.sent()
    const event = this.#buffer.shift()
    if (event !== undefined) return Promise.resolve({ done: false, value: event })
    if (this.#isClosed) return Promise.resolve({ done: true, value: undefined })
    return new Promise((read) => this.#readers.push(read))
  }

  #endReaders(): void {
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined })
  }
}

type Read<T extends KubernetesObject> = IteratorResult<GenericEvent<T>, undefined>
