import { type JsonObject, maxJsonDepth, setField } from '@k1s/apimachinery'
import {
  type ConvertedMessage,
  type FieldType,
  type Message,
  mapEntry,
  type Presence,
  type ScalarType,
  wireTypeOf,
} from './message.ts'
import { WireError } from './wire/wire-error.ts'
import type { WireReader } from './wire/wire-reader.ts'

/**
 * The JSON form of a message, as Go's encoder writes the struct that its decoder makes of it. Unknown fields are passed
 * over. Throws a {@link WireError} if the bytes are no such message.
 */
export function decodeMessage(reader: WireReader, message: Message): JsonObject {
  return decodeParts([reader], message, 0)
}

/** Of a message that may come in several parts, whose fields are merged. */
function decodeParts(parts: readonly WireReader[], message: Message, depth: number): JsonObject {
  if (depth > maxJsonDepth) throw new WireError(`exceeded max depth of ${maxJsonDepth}`)
  const { fields, byNumber } = indexOf(message)
  const found: Found = []
  for (const reader of parts) {
    while (!reader.isAtEnd) {
      const number = reader.readTag(message.name)
      const field = number < byNumber.length ? byNumber[number] : undefined
      if (field === undefined) reader.skip(reader.wireType)
      else collect(reader, field, found, depth + 1)
    }
  }
  return complete(fields, found, depth + 1)
}

/**
 * What was found of each field, by its place in the struct: the parts of a message, the items of a list, the entries of a
 * map, or the last value. An array, since a body of 3 MiB may have a million messages.
 */
type Found = unknown[]

interface IndexedField {
  /** In the order of the struct, from 0. */
  readonly place: number
  readonly name: string
  readonly type: FieldType
  readonly presence: Presence | undefined
  readonly wireType: number
  /** Whether the object has something of it when the message has not. */
  readonly isShownAlways: boolean
}

interface Index {
  readonly fields: readonly IndexedField[]
  readonly byNumber: readonly (IndexedField | undefined)[]
}

const indexes = new WeakMap<Message, Index>()

function indexOf(message: Message): Index {
  const known = indexes.get(message)
  if (known !== undefined) return known
  const fields: IndexedField[] = []
  const byNumber: (IndexedField | undefined)[] = []
  for (const [name, [number, type, presence]] of Object.entries(message.fields)) {
    const isStruct = typeof type !== 'string' && !('listOf' in type) && !('mapOf' in type)
    const isShownAlways = presence !== 'pointer' && (isStruct || presence === 'always')
    const field = { place: fields.length, name, type, presence, wireType: wireTypeOf(type), isShownAlways }
    fields.push(field)
    byNumber[number] = field
  }
  const index = { fields, byNumber }
  indexes.set(message, index)
  return index
}

function collect(
  reader: WireReader,
  { place, name, type, wireType }: IndexedField,
  found: Found,
  depth: number,
): void {
  checkWireType(reader.wireType, wireType, name)
  if (typeof type === 'string') {
    found[place] = readScalar(reader, type)
  } else if ('listOf' in type) {
    found[place] ??= []
    ;(found[place] as unknown[]).push(readItem(reader, type.listOf, depth))
  } else if ('mapOf' in type) {
    found[place] ??= {}
    const { key, value } = decodeParts([reader.readMessage()], mapEntry(type), depth)
    setField(found[place] as JsonObject, key as string, value)
  } else {
    found[place] ??= []
    ;(found[place] as WireReader[]).push(reader.readMessage())
  }
}

function checkWireType(wireType: number, expected: number, name: string): void {
  if (wireType === expected) return
  const goName = name.charAt(0).toUpperCase() + name.slice(1)
  throw new WireError(`proto: wrong wireType = ${wireType} for field ${goName}`)
}

function readScalar(reader: WireReader, type: ScalarType): unknown {
  switch (type) {
    case 'string':
      return reader.readString()
    case 'bytes':
      return reader.readBytes().toString('base64')
    case 'raw':
      return reader.readBytes()
    case 'int32':
      return reader.readInt32()
    case 'int64':
      return reader.readInt64()
    case 'bool':
      return reader.readBool()
    case 'double':
      return finite(reader.readDouble())
  }
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new WireError(`json: unsupported value: ${value}`)
  return value
}

/** Lists have texts and messages as items; no kind has one of numbers. */
function readItem(reader: WireReader, type: FieldType, depth: number): unknown {
  if (typeof type === 'string') return readScalar(reader, type)
  if ('listOf' in type || 'mapOf' in type) throw new TypeError('a list of lists or maps has no message')
  return decodeField([reader.readMessage()], type, depth)
}

function decodeField(parts: readonly WireReader[], type: Message | ConvertedMessage, depth: number): unknown {
  return 'fields' in type
    ? decodeParts(parts, type, depth)
    : type.toJson(decodeParts(parts, type.message, depth))
}

/** The object with what Go writes of each field. */
function complete(fields: readonly IndexedField[], found: Found, depth: number): JsonObject {
  const object: JsonObject = {}
  for (const field of fields) {
    const part = found[field.place]
    if (part === undefined && !field.isShownAlways) continue
    const value = fieldValue(field, part, depth)
    if (value === undefined) continue
    if (field.presence === 'inline') Object.assign(object, value)
    else object[field.name] = value
  }
  return object
}

function fieldValue({ type, presence }: IndexedField, found: unknown, depth: number): unknown {
  if (typeof type === 'string') {
    const isShown = presence === 'always' || presence === 'pointer' || !isZero(found)
    return isShown ? (found ?? zeroOf(type)) : undefined
  }
  if ('listOf' in type || 'mapOf' in type) return found ?? null
  const value = decodeField((found as WireReader[] | undefined) ?? [], type, depth)
  return presence === 'omitzero' && value === null ? undefined : value
}

function isZero(value: unknown): boolean {
  return value === undefined || value === '' || value === 0 || value === false
}

function zeroOf(type: ScalarType): unknown {
  if (type === 'string' || type === 'bytes') return ''
  if (type === 'raw') return new Uint8Array()
  return type === 'bool' ? false : 0
}
