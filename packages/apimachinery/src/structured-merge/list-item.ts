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
  const element = findListItemElement(type, item)
  if (element !== undefined) return element
  throw new MergeError([{ path: '', message: `element ${index}: ${problemOf(type, item)}` }])
}

/** The same; undefined for an item that cannot be identified. */
export function findListItemElement(type: MergeList, item: unknown): string | undefined {
  if (hasKeys(type)) return isJsonObject(item) ? keyedElement(type, item) : undefined
  return typeof item === 'object' || item === undefined ? undefined : valueElement(item)
}

function hasKeys({ keys }: MergeList): boolean {
  return keys !== undefined && keys.length > 0
}

function keyedElement({ keys = [], keyDefaults }: MergeList, item: JsonObject): string | undefined {
  const fields: JsonObject = {}
  let found = false
  for (const key of keys) {
    // A key field that is there as null is null; one that is not there has its default.
    const own = getField(item, key)
    const value = own === undefined ? keyDefaults?.[key] : own
    if (value === undefined) continue
    setField(fields, key, value)
    found = true
  }
  return found ? keyElement(fields) : undefined
}

function problemOf(type: MergeList, item: unknown): string {
  const isNull = item === null || item === undefined
  if (hasKeys(type)) {
    if (isNull) return 'associative list with keys may not have a null element'
    if (!isJsonObject(item)) return 'associative list with keys may not have non-map elements'
    const names = `[${type.keys?.map(quote).join(' ')}]`
    return `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`
  }
  if (isNull) return "associative list without keys has an element that's an explicit null"
  return Array.isArray(item)
    ? 'not supported: associative list with lists as elements'
    : "associative list without keys has an element that's a map type"
}
