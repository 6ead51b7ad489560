import { isJsonObject, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type { ApiRequest } from '../request.ts'
import type { Answer } from './answer.ts'
import { JsonFrames } from './json-frames.ts'
import { failedAnswer, representEvent } from './read-answer.ts'
import { unreadableWatch } from './server-error.ts'

type Event = WatchEvent<Unstructured>

/** The connection broke in the middle of a watch. */
export class WatchLost extends Error {
  constructor(cause: unknown) {
    super('the connection of a watch was lost', { cause })
  }
}

/**
 * The events of one request to watch, pulled from the connection as they are asked for. Ends when the server ends it, when
 * it is aborted or left. Throws what refuses it before the first event, and WatchLost. What is no event becomes an
 * ERROR, which is the last: `StreamWatcher` of `k8s.io/apimachinery/pkg/watch`.
 */
export function openWatch(
  request: ApiRequest,
  onWarning: ((text: string) => void) | undefined,
  send: (signal: AbortSignal) => Promise<Answer>,
): AsyncIterableIterator<Event> {
  const controller = new AbortController()
  const onAbort = () => controller.abort()
  request.signal?.addEventListener('abort', onAbort, { once: true })
  if (request.signal?.aborted) onAbort()
  const events = readEvents(request, onWarning, send, controller.signal)
  const end = () => request.signal?.removeEventListener('abort', onAbort)
  return {
    async next() {
      try {
        const result = await events.next()
        if (result.done) end()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    // A generator would first wait for its next event.
    async return() {
      end()
      controller.abort()
      return events.return(undefined)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* readEvents(
  request: ApiRequest,
  onWarning: ((text: string) => void) | undefined,
  send: (signal: AbortSignal) => Promise<Answer>,
  signal: AbortSignal,
): AsyncGenerator<Event, undefined, undefined> {
  if (signal.aborted) return undefined
  let answer: Answer
  try {
    answer = await send(signal)
    if (answer.code !== 200) throw failedAnswer('GET', answer, await answer.text(), request)
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
  if (onWarning !== undefined) for (const warning of answer.warnings) onWarning(warning)
  try {
    yield* decodeEvents(answer, request)
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
  return undefined
}

async function* decodeEvents(answer: Answer, request: ApiRequest): AsyncGenerator<Event> {
  const frames = new JsonFrames()
  const chunks = answer.chunks()
  try {
    for (;;) {
      const chunk = await nextChunk(chunks)
      if (chunk === undefined) break
      for (const frame of frames.push(chunk)) {
        const event = decodeEvent(frame)
        yield await representEvent(event, request.options)
        if (event.type === 'ERROR') return
      }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    yield { type: 'ERROR', object: unreadableWatch(error.message) }
    return
  } finally {
    await chunks.return()
  }
  if (frames.incomplete) throw new WatchLost(undefined)
}

async function nextChunk(chunks: AsyncIterator<Buffer, void>): Promise<Buffer | undefined> {
  try {
    const { value } = await chunks.next()
    return value ?? undefined
  } catch (error) {
    throw new WatchLost(error)
  }
}

const types = new Set<unknown>(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'])

/** A SyntaxError if it is none. */
function decodeEvent(frame: string): Event {
  const event: unknown = JSON.parse(frame)
  const { type, object } = event as { type?: unknown; object?: unknown }
  if (!types.has(type)) throw new SyntaxError(`got invalid watch event type: ${type}`)
  if (!isJsonObject(object)) throw new SyntaxError('unable to decode watch event: the object is missing')
  return { type, object } as unknown as Event
}
