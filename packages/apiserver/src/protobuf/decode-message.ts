import { type JsonObject, maxJsonDepth, setField } from '@k1s/apimachinery'
import {
  type ConvertedMessage,
  type Field,
  type FieldType,
  type Message,
  mapEntry,
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
  const found: Found = new Map()
  const { names } = indexOf(message)
  for (const reader of parts) {
    while (!reader.isAtEnd) {
      const { number, wireType } = reader.readTag(message.name)
      const name = names.get(number)
      if (name === undefined) reader.skip(wireType)
      else collect(reader, wireType, name, message.fields[name]![1], found, depth + 1)
    }
  }
  return complete(message, found, depth + 1)
}

/** What was found of a field: the parts of a message, the items of a list, the entries of a map, or the last value. */
type Found = Map<string, unknown>

interface Index {
  readonly fields: readonly (readonly [name: string, Field])[]
  readonly names: ReadonlyMap<number, string>
}

const indexes = new WeakMap<Message, Index>()

function indexOf(message: Message): Index {
  let index = indexes.get(message)
  if (index === undefined) {
    const fields = Object.entries(message.fields)
    index = { fields, names: new Map(fields.map(([name, [number]]) => [number, name])) }
    indexes.set(message, index)
  }
  return index
}

function collect(
  reader: WireReader,
  wireType: number,
  name: string,
  type: FieldType,
  found: Found,
  depth: number,
): void {
  checkWireType(wireType, wireTypeOf(type), name)
  if (typeof type === 'string') {
    found.set(name, readScalar(reader, type))
  } else if ('listOf' in type) {
    const items = (found.get(name) as unknown[] | undefined) ?? []
    items.push(readItem(reader, type.listOf, depth))
    found.set(name, items)
  } else if ('mapOf' in type) {
    const map = (found.get(name) as JsonObject | undefined) ?? {}
    const { key, value } = decodeParts([reader.readMessage()], mapEntry(type), depth)
    setField(map, key as string, value)
    found.set(name, map)
  } else {
    const parts = (found.get(name) as WireReader[] | undefined) ?? []
    parts.push(reader.readMessage())
    found.set(name, parts)
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
function complete(message: Message, found: Found, depth: number): JsonObject {
  const object: JsonObject = {}
  for (const [name, field] of indexOf(message).fields) {
    const value = fieldValue(field, found.get(name), depth)
    if (value === undefined) continue
    if (field[2] === 'inline') Object.assign(object, value)
    else object[name] = value
  }
  return object
}

function fieldValue([, type, presence]: Field, found: unknown, depth: number): unknown {
  if (found === undefined && presence === 'pointer') return undefined
  if (typeof type === 'string') {
    const isShown = presence === 'always' || presence === 'pointer' || !isZero(found)
    return isShown ? (found ?? zeroOf(type)) : undefined
  }
  if ('listOf' in type || 'mapOf' in type) return found ?? (presence === 'always' ? null : undefined)
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
