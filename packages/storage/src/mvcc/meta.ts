import { newInternalError } from '@k1s/apimachinery'
import type { Engine, EngineReader } from '../engine.ts'
import { currentFormat, decodeMeta, initialMeta, type Meta, metaKey } from './layout.ts'

/** The counters of the store. InternalError if a newer version of k1s wrote it. */
export function readMeta(reader: EngineReader, engine: Engine): Meta {
  const value = reader.get(metaKey)
  if (value === undefined) return initialMeta
  const meta = decodeMeta(value)
  if (meta.format <= currentFormat) return meta
  const where = engine.location ?? `the ${engine.name} store`
  throw newInternalError(
    new Error(
      `${where} was written by a newer k1s (format ${meta.format}, this one reads up to ${currentFormat}); upgrade k1s`,
    ),
  )
}
