/**
 * JSON values as plain data. Everything here treats a key named `__proto__` as a key like any other: it reads
 * own properties only and never assigns through the prototype.
 */

export type JsonObject = { [key: string]: unknown }

/** The deepest nesting that the codecs accept; deeper input is refused before anything recurses into it. */
export const maxJsonDepth = 500

/** True for an object that is not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The type of a value that is not null, as Go's JSON decoder names it: `object`, `array`, `string`, `number`, `bool`. */
export function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** Whether objects and arrays are nested deeper than {@link maxJsonDepth}, however deep they are. */
export function exceedsMaxDepth(value: unknown): boolean {
  return isDeeper(value, maxJsonDepth)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  const children = Array.isArray(value) ? value : Object.values(value)
  return children.some((child) => isDeeper(child, levels - 1))
}

/** The value of an own property, undefined where there is none. */
export function getField(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Sets an own property, also for the key `__proto__`. */
export function setField(object: JsonObject, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}

/** A copy that shares nothing with the value. */
export function copyJson<T>(value: T): T
export function copyJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => copyJson(item))
  const copy: JsonObject = {}
  for (const [key, field] of Object.entries(value)) setField(copy, key, copyJson(field))
  return copy
}

/** Equality of JSON values; the order of keys does not matter. A field that is undefined counts as absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => equalJson(item, b[index]))
  }
  if (Array.isArray(b)) return false
  const left = a as JsonObject
  const right = b as JsonObject
  let fields = 0
  for (const key of Object.keys(left)) {
    if (left[key] === undefined) continue
    fields++
    if (!equalJson(left[key], getField(right, key))) return false
  }
  return fields === Object.keys(right).filter((key) => right[key] !== undefined).length
}
