/**
 * Path elements in their serialized form, which is how managed fields and this code name a field, an item or a value:
 * `f:replicas`, `k:{"containerPort":80,"protocol":"TCP"}`, `v:"finalizer"`, `i:3`. Two elements are equal if their
 * canonical texts are. Follows `fieldpath/serialize-pe.go` and `fieldpath/element.go` of structured-merge-diff.
 */
import { formatGoNumber } from '../go-number.ts'
import { canonicalJson } from '../json-codec.ts'
import { isJsonObject, type JsonObject } from '../json-value.ts'
import { quote } from '../quote.ts'

/** The member of a node of a field set that says that the node itself is in the set. */
export const self = '.'

export function fieldElement(name: string): string {
  return `f:${name}`
}

export function valueElement(value: unknown): string {
  return `v:${canonicalJson(value)}`
}

/** The element of a list item with these key fields. */
export function keyElement(fields: JsonObject): string {
  return `k:${canonicalJson(fields)}`
}

/** A path element with what its text says, as it is needed to order and to print it. */
type PathElement =
  | { kind: 'key'; fields: readonly (readonly [name: string, value: unknown])[] }
  | { kind: 'value'; value: unknown }

const maxRemembered = 4096
/** Texts of keys and values recur with every write of an object, and reading them is far dearer than finding them. */
const remembered = new Map<string, { canonical: string; element: PathElement }>()

function remember(element: string): { canonical: string; element: PathElement } {
  const known = remembered.get(element)
  if (known !== undefined) return known
  const value: unknown = JSON.parse(element.slice(2))
  const read = element.startsWith('k:') ? readKey(value) : readValue(value)
  if (remembered.size >= maxRemembered) remembered.clear()
  remembered.set(element, read)
  return read
}

function readKey(value: unknown): { canonical: string; element: PathElement } {
  if (!isJsonObject(value ?? {})) throw new SyntaxError('the key of a list item must be an object')
  const fields = (value ?? {}) as JsonObject
  const canonical = keyElement(fields)
  return { canonical, element: { kind: 'key', fields: Object.entries(JSON.parse(canonical.slice(2))) } }
}

function readValue(value: unknown): { canonical: string; element: PathElement } {
  return { canonical: valueElement(value), element: { kind: 'value', value } }
}

/**
 * The canonical text of an element that a client wrote. Undefined for a type of element that is not known, which is
 * to be dropped. Throws an Error for what is no path element.
 */
export function canonicalElement(element: string): string | undefined {
  if (element.length < 2) throw new Error('key must be 2 characters long:')
  if (element[1] !== ':') throw new Error(`missing colon: ${element}`)
  switch (element[0]) {
    case 'f':
      return element
    case 'k':
    case 'v':
      return remember(element).canonical
    case 'i':
      if (!/^i:[+-]?\d+$/.test(element)) {
        throw new Error(`strconv.Atoi: parsing ${quote(element.slice(2))}: invalid syntax`)
      }
      return `i:${Number(element.slice(2))}`
    default:
      return undefined
  }
}

/** As errors and conflicts print it: `.replicas`, `[containerPort=80,protocol="TCP"]`, `[="finalizer"]`, `[3]`. */
export function formatElement(element: string): string {
  if (element.startsWith('f:')) return `.${element.slice(2)}`
  if (element.startsWith('i:')) return `[${element.slice(2)}]`
  const { element: read } = remember(element)
  if (read.kind === 'value') return `[=${formatValue(read.value)}]`
  return `[${read.fields.map(([name, value]) => `${name}=${formatValue(value)}`).join(',')}]`
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return formatGoNumber(value)
  if (Array.isArray(value)) return `[${value.map(formatValue).join(',')}]`
  if (!isJsonObject(value)) return String(value)
  return Object.entries(value)
    .map(([name, field]) => `${name}=${formatValue(field)}`)
    .join('')
}

/** The order in which Kubernetes writes elements: the node itself, fields, keys, values, indexes. */
export function compareElements(a: string, b: string): number {
  const kind = rank(a) - rank(b)
  if (kind !== 0) return kind
  if (a === b) return 0
  switch (a[0]) {
    case 'f':
      return compareText(a, b)
    case 'i':
      return Number(a.slice(2)) - Number(b.slice(2))
    default:
      return compareRead(remember(a).element, remember(b).element)
  }
}

function rank(element: string): number {
  switch (element[0]) {
    case self:
      return 0
    case 'f':
      return 1
    case 'k':
      return 2
    case 'v':
      return 3
    default:
      return 4
  }
}

function compareRead(a: PathElement, b: PathElement): number {
  if (a.kind === 'value' || b.kind === 'value') {
    return a.kind === 'value' && b.kind === 'value' ? compareValues(a.value, b.value) : 0
  }
  for (let index = 0; index < a.fields.length && index < b.fields.length; index++) {
    const [name, value] = a.fields[index]!
    const [otherName, otherValue] = b.fields[index]!
    const order = compareText(name, otherName) || compareValues(value, otherValue)
    if (order !== 0) return order
  }
  return a.fields.length - b.fields.length
}

/** A total order of values: numbers, texts, booleans, lists, maps, null. */
function compareValues(a: unknown, b: unknown): number {
  const kind = valueRank(a) - valueRank(b)
  if (kind !== 0) return kind
  if (typeof a === 'string') return compareText(a, b as string)
  if (typeof a === 'number' || typeof a === 'boolean') return Number(a) - Number(b)
  return compareText(canonicalJson(a), canonicalJson(b))
}

function valueRank(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return 0
    case 'string':
      return 1
    case 'boolean':
      return 2
    default:
      return value === null ? 5 : Array.isArray(value) ? 3 : 4
  }
}

/** By UTF-8 bytes, as Go does: that is by code points, where UTF-16 has surrogates before U+E000. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return codePointOrder(left) - codePointOrder(right)
  }
  return a.length - b.length
}

function codePointOrder(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
