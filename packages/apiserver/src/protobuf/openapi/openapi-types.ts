import { isJsonObject, type JsonObject } from '@k1s/apimachinery'
import type { ConvertedMessage, Field, FieldType, Message } from '../message.ts'
import { yamlText } from './yaml-text.ts'

/** Fields in the order of their numbers, which begin at one, as all messages of `OpenAPIv2.proto` have them. */
export type Numbered = { readonly [jsonName: string]: FieldType }

export function numbered(types: Numbered): Message['fields'] {
  const fields = Object.entries(types).map(([name, type], index): [string, Field] => [
    name,
    [index + 1, type, typeof type === 'string' ? 'nonzero' : 'pointer'],
  ])
  return Object.fromEntries(fields)
}

/** A message of what becomes of a value before it is written. Read, it stays as it was written. */
export function written(
  name: string,
  types: Numbered | (() => Numbered),
  fromJson: (value: unknown) => JsonObject,
): ConvertedMessage {
  let fields: Message['fields'] | undefined
  const message: Message = {
    name,
    // Made when first needed, since schemas are recursive.
    get fields() {
      fields ??= numbered(typeof types === 'function' ? types() : types)
      return fields
    },
  }
  return { message, fromJson, toJson: (object) => object }
}

/** An object that has no extensions. */
export function plain(name: string, types: Numbered): ConvertedMessage {
  return written(name, types, objectOf)
}

/** An object whose last field is the list of its vendor extensions, those with names that begin with `x-`. */
export function extensible(name: string, types: Numbered | (() => Numbered)): ConvertedMessage {
  const all = () => ({
    ...(typeof types === 'function' ? types() : types),
    [extensions]: { listOf: namedAny },
  })
  return written(name, all, withExtensions)
}

/** Stands for the list of vendor extensions among the fields of an object. */
export const extensions = 'x-'

export function withExtensions(value: unknown): JsonObject {
  const object = objectOf(value)
  const found = Object.keys(object).filter((name) => name.startsWith('x-'))
  return found.length === 0
    ? object
    : { ...object, [extensions]: found.map((name) => ({ name, value: object[name] })) }
}

/** An object of any names, as a list of names and values. */
export function mapOf(name: string, type: FieldType): ConvertedMessage {
  return written(name, { entries: { listOf: named(type) } }, (value) => ({
    entries: Object.entries(objectOf(value)).map(([name, member]) => ({ name, value: member })),
  }))
}

export function named(type: FieldType): Message {
  return { name: 'Named', fields: numbered({ name: 'string', value: type }) }
}

export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** Any value, of which YAML text is kept. Its first field is for types that gnostic is told of. */
export const any: ConvertedMessage = {
  ...written('Any', { value: 'raw', yaml: 'string' }, (value) => ({ yaml: yamlText(value) })),
  hasNull: true,
}

export const namedAny: Message = named(any)
