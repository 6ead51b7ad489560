import { getField, isJsonObject, type JsonObject, setField } from '../json-value.ts'
import { quote } from '../quote.ts'
import { MergeError } from './merge-error.ts'
import type { MergeList } from './merge-type.ts'
import { keyElement, valueElement } from './path-element.ts'

/**
 * The path element that identifies an item of a `set` or `map` list. Throws a {@link MergeError} for an item that cannot
 * be identified. Follows `listItemToPathElement` of `typed/helpers.go`.
 */
export function listItemElement(type: MergeList, item: unknown, index: number): string {
  if (type.keys !== undefined && type.keys.length > 0) return keyedItem(type, type.keys, item, index)
  if (item === null || item === undefined) {
    throw badItem(index, "associative list without keys has an element that's an explicit null")
  }
  if (Array.isArray(item)) throw badItem(index, 'not supported: associative list with lists as elements')
  if (typeof item === 'object') {
    throw badItem(index, "associative list without keys has an element that's a map type")
  }
  return valueElement(item)
}

function keyedItem(type: MergeList, keys: readonly string[], item: unknown, index: number): string {
  if (item === null || item === undefined) {
    throw badItem(index, 'associative list with keys may not have a null element')
  }
  if (!isJsonObject(item)) throw badItem(index, 'associative list with keys may not have non-map elements')
  const fields: JsonObject = {}
  let found = false
  for (const key of keys) {
    const value = getField(item, key) ?? nullOrDefault(type, item, key)
    if (value === undefined) continue
    setField(fields, key, value)
    found = true
  }
  if (found) return keyElement(fields)
  const names = `[${keys.map(quote).join(' ')}]`
  throw badItem(
    index,
    `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
  )
}

/** A key field that is there as null is null; one that is not there has its default. */
function nullOrDefault(type: MergeList, item: JsonObject, key: string): unknown {
  if (getField(item, key) === null) return null
  return type.keyDefaults?.[key]
}

function badItem(index: number, message: string): MergeError {
  return new MergeError([{ path: '', message: `element ${index}: ${message}` }])
}
