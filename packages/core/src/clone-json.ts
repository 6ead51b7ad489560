import { maxJsonDepth, newBadRequest } from '@k1s/apimachinery'

/**
 * A deep copy of a value as JSON would carry it: fields that are undefined are left out and dates become text.
 * BadRequest for what JSON cannot carry (functions, bigints, NaN, what is nested deeper than the codecs accept).
 */
export function cloneJson<T>(value: T): T {
  return clone(value, 0) as T
}

function clone(value: unknown, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw newBadRequest(`json: unsupported value: ${value}`)
    // JSON has no negative zero.
    return value + 0
  }
  if (typeof value !== 'object') throw newBadRequest(`json: unsupported type: ${typeof value}`)
  if (depth >= maxJsonDepth) throw newBadRequest('json: exceeded max depth')
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : clone(item, depth + 1)))
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z')
  const copy: { [key: string]: unknown } = {}
  for (const key of Object.keys(value)) {
    const field = (value as { [key: string]: unknown })[key]
    if (field === undefined) continue
    const fieldCopy = clone(field, depth + 1)
    if (key === '__proto__') {
      Object.defineProperty(copy, key, {
        value: fieldCopy,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    } else copy[key] = fieldCopy
  }
  return copy
}
