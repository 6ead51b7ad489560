import { exactJson, type Status, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type { MediaType } from '../negotiation/negotiate.ts'
import { type Chunk, chunkOf } from './chunked-body.ts'

interface CachedFrame {
  readonly type: string
  readonly frame: Chunk
}

/** How events are written to the streams of watches of one media type. */
export class EventFrames {
  readonly contentType: string
  readonly #encode: (type: string, object: Status | Unstructured) => Uint8Array
  /** Frames of objects that many watches pass on: they are encoded once for all of them. */
  readonly #cache = new WeakMap<object, CachedFrame>()

  constructor(contentType: string, encode: (type: string, object: Status | Unstructured) => Uint8Array) {
    this.contentType = contentType
    this.#encode = encode
  }

  frameOf({ type, object }: WatchEvent<Unstructured>): Chunk {
    const cached = this.#cache.get(object)
    if (cached?.type === type) return cached.frame
    const frame = chunkOf(this.#encode(type, object))
    this.#cache.set(object, { type, frame })
    return frame
  }

  errorFrame(status: Status): Chunk {
    return chunkOf(this.#encode('ERROR', status))
  }
}

const jsonFrames = new EventFrames('application/json', (type, object) =>
  Buffer.from(`{"type":"${type}","object":${exactJson(object)}}\n`),
)

let protobufFrames: EventFrames | undefined

export async function eventFrames(mediaType: MediaType): Promise<EventFrames> {
  if (mediaType !== 'application/vnd.kubernetes.protobuf') return jsonFrames
  const { encodeWatchFrame } = await import('../protobuf/kubernetes-protobuf.ts')
  protobufFrames ??= new EventFrames(`${mediaType};stream=watch`, encodeWatchFrame)
  return protobufFrames
}
