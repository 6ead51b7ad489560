import type { StatusError, Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { Events } from '../requests/observed-events.ts'
import type { MatchedRequest } from '../requests/request-match.ts'

/** A watch that can be ended from outside, with a last event or without. */
export class OpenWatch {
  readonly request: MatchedRequest
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #forward = () => this.#controller.abort(this.#outer?.reason)
  #lastEvent: WatchEvent<Unstructured> | undefined
  #isDropped = false
  #source: AsyncIterator<WatchEvent<Unstructured>> | undefined

  constructor(request: MatchedRequest, outer: AbortSignal | undefined) {
    this.request = request
    this.#outer = outer
    if (outer?.aborted) this.#forward()
    else outer?.addEventListener('abort', this.#forward)
  }

  /** Aborts when the watch is dropped, and when the one of its request does. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  drop(error: StatusError | undefined): void {
    if (error !== undefined) this.#lastEvent = { type: 'ERROR', object: error.status }
    this.#isDropped = true
    this.#controller.abort()
    // A reader who never asks for the next event would leave it as it is, half read. What its end throws is nobody's.
    this.#source?.return?.().catch(() => {})
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.#outer?.removeEventListener('abort', this.#forward)
  }

  /** Those of the source until it is dropped. */
  events(source: Events): Events {
    const iterator = source[Symbol.asyncIterator]()
    this.#source = iterator
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const result = this.#isDropped ? ended : await iterator.next()
          if (!this.#isDropped) return result
          const last = this.#lastEvent
          this.#lastEvent = undefined
          return last === undefined ? ended : { done: false, value: last }
        },
        return: async () => (await iterator.return?.()) ?? ended,
      }),
    }
  }
}

const ended = { done: true, value: undefined } as const
