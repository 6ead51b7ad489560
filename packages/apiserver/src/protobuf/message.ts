import type { JsonObject } from '@k1s/apimachinery'
import { WireType } from './wire/wire-type.ts'

/**
 * A message of Kubernetes' `generated.proto` files, and how Go's JSON encoder writes the struct that it is decoded
 * into. Fields are in the order of the struct.
 */
export interface Message {
  readonly name: string
  readonly fields: { readonly [jsonName: string]: Field }
}

export type Field = readonly [number: number, type: FieldType, presence?: Presence]

/**
 * Unless something else is said, a field is a value with the tag `omitempty`: the message always has it, JSON has it
 * unless it is empty, and structs are never empty.
 * - `always`: without that tag, JSON always has it, an empty list as null.
 * - `pointer`: the message and JSON have it if it is set.
 * - `omitzero`: JSON does not have it if it is null.
 * - `nonzero`: the message has it as JSON has it, unless it is empty, as in proto3.
 * - `inline`: its fields are among those of the struct in JSON.
 */
export type Presence = 'always' | 'pointer' | 'omitzero' | 'nonzero' | 'inline'

export type FieldType =
  | ScalarType
  | Message
  | ConvertedMessage
  | { readonly listOf: FieldType }
  | { readonly mapOf: FieldType }

/** `bytes` is base64 in JSON, `raw` a Uint8Array, for messages that never are JSON. */
export type ScalarType = 'string' | 'bytes' | 'raw' | 'int32' | 'int64' | 'double' | 'bool'

/** A message that is something else than an object in JSON. */
export interface ConvertedMessage {
  readonly message: Message
  /** Null is a value like others, not the absence of one. */
  readonly hasNull?: true
  toJson(fields: JsonObject): unknown
  fromJson(value: unknown): JsonObject
}

const entries = new WeakMap<object, Message>()

/** The message in which one key and value of a map are written. */
export function mapEntry(map: { readonly mapOf: FieldType }): Message {
  let entry = entries.get(map)
  if (entry === undefined) {
    entry = { name: 'MapEntry', fields: { key: [1, 'string', 'always'], value: [2, map.mapOf, 'always'] } }
    entries.set(map, entry)
  }
  return entry
}

/** The wire type of a field, or of each item of a list. */
export function wireTypeOf(type: FieldType): number {
  if (type === 'int32' || type === 'int64' || type === 'bool') return WireType.varint
  return type === 'double' ? WireType.fixed64 : WireType.lengthDelimited
}
