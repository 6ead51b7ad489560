import { isJsonObject, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type { ApiRequest } from '../request.ts'
import type { Answer } from './answer.ts'
import { JsonFrames } from './json-frames.ts'
import { failedAnswer, representEvent } from './read-answer.ts'
import { unreadableWatch } from './server-error.ts'
import { WatchLost } from './watch-lost.ts'

type Event = WatchEvent<Unstructured>

/** Who is told of a watch what is not an event. */
export interface WatchListener {
  readonly onWarning?: ((text: string) => void) | undefined
  /** The server has accepted the watch. */
  readonly onOpen?: (() => void) | undefined
}

/**
 * The events of one request to watch, pulled from the connection as they are asked for, until the server ends it. Throws
 * what refuses it before the first event, and WatchLost. What is no event becomes an ERROR, which is the last:
 * `StreamWatcher` of `k8s.io/apimachinery/pkg/watch`.
 */
export async function* readWatch(
  request: ApiRequest,
  listener: WatchListener,
  send: () => Promise<Answer>,
): AsyncGenerator<Event, void, undefined> {
  const answer = await send()
  if (answer.code !== 200) throw failedAnswer('GET', answer, await answer.text(), request)
  try {
    for (const warning of answer.warnings) listener.onWarning?.(warning)
    listener.onOpen?.()
  } catch (error) {
    answer.discard()
    throw error
  }
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
