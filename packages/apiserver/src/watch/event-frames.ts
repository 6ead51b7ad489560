import type { Unstructured, WatchEvent } from '@k1s/apimachinery'

interface CachedFrame {
  readonly type: string
  readonly frame: Buffer
}

/** Frames of objects that many watches pass on: they are encoded once for all of them. */
const cache = new WeakMap<object, CachedFrame>()

/** An event as a line of a watch stream. */
export function frameOf({ type, object }: WatchEvent<Unstructured>): Buffer {
  const cached = cache.get(object)
  if (cached?.type === type) return cached.frame
  const frame = Buffer.from(`{"type":"${type}","object":${JSON.stringify(object)}}\n`)
  cache.set(object, { type, frame })
  return frame
}
