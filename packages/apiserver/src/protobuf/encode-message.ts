import { getField, isJsonObject, type JsonObject } from '@k1s/apimachinery'
import {
  type Field,
  type FieldType,
  type Message,
  mapEntry,
  type Presence,
  type ScalarType,
  wireTypeOf,
} from './message.ts'
import { WireType } from './wire/wire-type.ts'
import type { WireWriter } from './wire/wire-writer.ts'

/**
 * Writes the message of an object in its JSON form, as Go's generated code writes the struct that its JSON decoder
 * makes of it: fields by their number, maps by their keys. The object must be valid for its kind; fields that the
 * message does not have are left out.
 */
export function encodeMessage(writer: WireWriter, message: Message, object: JsonObject): void {
  for (const [name, field] of fieldsFromLast(message)) {
    writeField(writer, field, field[2] === 'inline' ? object : memberOf(object, name, field[1]))
  }
}

/**
 * Does the same in parts, between which others can have their turn: the messages that are up to `levels` deep, lists
 * and maps not counted.
 */
export function* encodeInParts(
  writer: WireWriter,
  message: Message,
  object: JsonObject,
  levels: number,
): Generator<void> {
  for (const [name, field] of fieldsFromLast(message)) {
    const [number, type] = field
    const value = memberOf(object, name, type)
    if (typeof type === 'string' || 'mapOf' in type || value === undefined) {
      writeField(writer, field, value)
    } else if ('listOf' in type) {
      for (const item of (value as readonly unknown[]).toReversed()) {
        yield* valueInParts(writer, number, type.listOf, item, levels)
      }
    } else {
      yield* valueInParts(writer, number, type, value, levels)
    }
  }
}

function* valueInParts(
  writer: WireWriter,
  number: number,
  type: FieldType,
  value: unknown,
  levels: number,
): Generator<void> {
  if (levels === 0 || typeof type === 'string' || !('message' in type)) {
    writeValue(writer, number, type, value)
  } else {
    const before = writer.length
    yield* encodeInParts(writer, type.message, type.fromJson(value), levels - 1)
    writer.writeVarint(writer.length - before)
    writer.writeTag(number, WireType.lengthDelimited)
  }
  yield
}

function memberOf(object: JsonObject, name: string, type: FieldType): unknown {
  const value = getField(object, name)
  const isAbsent = value === null && !(typeof type === 'object' && 'hasNull' in type)
  return isAbsent ? undefined : value
}

const sortedFields = new WeakMap<Message, readonly (readonly [string, Field])[]>()

function fieldsFromLast(message: Message): readonly (readonly [string, Field])[] {
  let fields = sortedFields.get(message)
  if (fields === undefined) {
    fields = Object.entries(message.fields).sort(([, [a]], [, [b]]) => b - a)
    sortedFields.set(message, fields)
  }
  return fields
}

function writeField(writer: WireWriter, [number, type, presence]: Field, value: unknown): void {
  if (typeof type !== 'string' && 'listOf' in type) {
    for (const item of ((value ?? []) as readonly unknown[]).toReversed()) {
      writeValue(writer, number, type.listOf, item)
    }
  } else if (typeof type !== 'string' && 'mapOf' in type) {
    const map = (value ?? {}) as JsonObject
    for (const key of Object.keys(map).sort().reverse()) {
      writeValue(writer, number, mapEntry(type), { key, value: map[key] })
    }
  } else if (isWritten(value, type, presence)) {
    writeValue(writer, number, type, value)
  }
}

function isWritten(value: unknown, type: FieldType, presence: Presence | undefined): boolean {
  if (presence === 'nonzero') return value !== undefined && value !== '' && value !== 0 && value !== false
  return value !== undefined || (presence !== 'pointer' && type !== 'bytes')
}

function writeValue(writer: WireWriter, number: number, type: FieldType, value: unknown): void {
  const before = writer.length
  if (typeof type === 'string') writeScalar(writer, type, value)
  else if ('fields' in type) encodeMessage(writer, type, isJsonObject(value) ? value : {})
  else if ('message' in type) encodeMessage(writer, type.message, type.fromJson(value))
  else throw new TypeError('a list of lists or maps has no message')
  const wireType = wireTypeOf(type)
  if (wireType === WireType.lengthDelimited) writer.writeVarint(writer.length - before)
  writer.writeTag(number, wireType)
}

function writeScalar(writer: WireWriter, type: ScalarType, value: unknown): void {
  switch (type) {
    case 'string':
      writer.writeString((value ?? '') as string)
      break
    case 'bytes':
      writer.writeBytes(Buffer.from((value ?? '') as string, 'base64'))
      break
    case 'raw':
      writer.writeBytes((value ?? new Uint8Array()) as Uint8Array)
      break
    case 'int32':
    case 'int64':
      writer.writeVarint((value ?? 0) as number)
      break
    case 'bool':
      writer.writeVarint(value === true ? 1 : 0)
      break
    case 'double':
      writer.writeDouble((value ?? 0) as number)
  }
}
