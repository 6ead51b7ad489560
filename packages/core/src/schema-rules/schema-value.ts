import { equalJson, isJsonObject, type JsonObject } from '@k1s/apimachinery'
import { type CelType, dynType, mapType, opaqueType, stringType } from '../cel/cel-type.ts'
import {
  CelDuration,
  type CelList,
  type CelMap,
  type CelObject,
  type CelOpaque,
  CelTimestamp,
  type CelValue,
} from '../cel/cel-value.ts'
import { equalValues } from '../cel/equality.ts'
import { CelEvaluationError } from '../cel/evaluation-error.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { KeyedList, UniqueList } from './list-value.ts'
import { unescapePropertyName } from './property-name.ts'
import { withResourceProperties } from './resource-properties.ts'
import { isEmbedded, itemsOf, valuesOf } from './schema-type.ts'
import { parseDate, parseDateTime, parseDuration } from './time-values.ts'

/**
 * A value of an object as rules see it by its schema. What is within is converted when it is asked for. An
 * CelEvaluationError if the value is not of the schema's type.
 *
 * Follows `UnstructuredToVal` of `k8s.io/apiserver/pkg/cel/common`.
 */
export function celValueOf(value: unknown, schema: JSONSchemaProps): CelValue {
  if (value === null) {
    if (schema.nullable === true) return null
    throw new CelEvaluationError('invalid data, got null for schema with nullable=false')
  }
  if (schema['x-kubernetes-int-or-string'] === true) return intOrString(value)
  switch (schema.type) {
    case 'object':
      return objectOrMap(value, schema)
    case 'array':
      return listOf(value, schema)
    case 'string':
      return textOf(value, schema.format)
    case 'number':
      if (typeof value === 'number') return value
      throw wrongType('float', value)
    case 'integer':
      if (Number.isInteger(value)) return BigInt(value as number)
      throw wrongType('int', value)
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw wrongType('bool', value)
    default:
      if (schema['x-kubernetes-preserve-unknown-fields'] === true) return new PreservedValue(value)
      throw new CelEvaluationError(
        `invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ${schema.type ?? ''}`,
      )
  }
}

function wrongType(expected: string, value: unknown): CelEvaluationError {
  return new CelEvaluationError(`invalid data, expected ${expected}, got ${goTypeOf(value)}`)
}

function goTypeOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}

function intOrString(value: unknown): CelValue {
  if (typeof value === 'string') return value
  if (Number.isInteger(value)) return BigInt(value as number)
  throw new CelEvaluationError('invalid data, expected XIntOrString value to be either a string or integer')
}

function textOf(value: unknown, format: string | undefined): CelValue {
  if (typeof value !== 'string') throw wrongType('string', value)
  switch (format) {
    case 'byte':
      return new Uint8Array(Buffer.from(value, 'base64'))
    case 'duration':
      return new CelDuration(parsed(parseDuration(value), `Invalid duration ${value}`))
    case 'date':
      return new CelTimestamp(parsed(parseDate(value), `Invalid date formatted string ${value}`))
    case 'date-time':
      return parsed(parseDateTime(value), `Invalid date-time formatted string ${value}`)
    default:
      return value
  }
}

function parsed<T>(value: T | undefined, problem: string): T {
  if (value === undefined) throw new CelEvaluationError(problem)
  return value
}

function objectOrMap(value: unknown, schema: JSONSchemaProps): CelValue {
  if (!isJsonObject(value)) {
    throw new CelEvaluationError('invalid data, expected a map for the provided schema with type=object')
  }
  const isResource = isEmbedded(schema)
  const values = valuesOf(schema)
  const hasProperties = schema.properties !== undefined && Object.keys(schema.properties).length > 0
  if (values !== undefined && !isResource && !hasProperties) return new SchemaMap(value, values)
  return new SchemaObject(value, isResource ? withResourceProperties(schema) : schema)
}

function listOf(value: unknown, schema: JSONSchemaProps): CelList {
  const items = itemsOf(schema)
  if (!Array.isArray(value)) {
    throw new CelEvaluationError('invalid data, expected an array for the provided schema with type=array')
  }
  if (items === undefined) {
    throw new CelEvaluationError('invalid array type, expected Items with a non-empty Schema')
  }
  const list = new SchemaList(value, items)
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return new KeyedList(list, schema['x-kubernetes-list-map-keys'] ?? [])
    case 'set':
      return new UniqueList(list)
    default:
      return list
  }
}

/** An object with declared properties. To rules, `type()` of it is `map`, as in Kubernetes. */
class SchemaObject implements CelObject {
  static readonly #type: CelType = mapType(stringType, dynType)
  readonly celKind = 'object'
  readonly #value: JsonObject
  readonly #schema: JSONSchemaProps

  constructor(value: JsonObject, schema: JSONSchemaProps) {
    this.#value = value
    this.#schema = schema
  }

  get type(): CelType {
    return SchemaObject.#type
  }

  get(identifier: string): CelValue | undefined {
    const name = unescapePropertyName(identifier)
    return name === undefined ? undefined : this.#property(name)
  }

  /** Null is as good as absent. */
  #property(name: string): CelValue | undefined {
    const schema = this.#schemaOf(name)
    if (schema === undefined || !Object.hasOwn(this.#value, name)) return undefined
    const value = this.#value[name]
    return value === null ? undefined : celValueOf(value, schema)
  }

  #schemaOf(name: string): JSONSchemaProps | undefined {
    const { properties } = this.#schema
    return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
  }

  /** Fields that the schema does not know count as well: they are compared as JSON. */
  equals(other: CelValue): boolean {
    if (!(other instanceof SchemaObject)) return false
    const names = Object.keys(this.#value)
    if (names.length !== Object.keys(other.#value).length) return false
    return names.every((name) => {
      if (this.#schemaOf(name) === undefined) {
        return !Object.hasOwn(other.#value, name) || equalJson(this.#value[name], other.#value[name])
      }
      const value = this.#property(name)
      const otherValue = other.#property(name)
      if (value === undefined || otherValue === undefined) return value === otherValue
      return equalValues(value, otherValue)
    })
  }
}

class SchemaMap implements CelMap {
  readonly celKind = 'map'
  readonly #value: JsonObject
  readonly #values: JSONSchemaProps

  constructor(value: JsonObject, values: JSONSchemaProps) {
    this.#value = value
    this.#values = values
  }

  get size(): number {
    return Object.keys(this.#value).length
  }

  get(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.#value, key)) return undefined
    return celValueOf(this.#value[key], this.#values)
  }

  keys(): readonly string[] {
    return Object.keys(this.#value)
  }
}

class SchemaList implements CelList {
  readonly celKind = 'list'
  readonly #value: readonly unknown[]
  readonly #items: JSONSchemaProps

  constructor(value: readonly unknown[], items: JSONSchemaProps) {
    this.#value = value
    this.#items = items
  }

  get size(): number {
    return this.#value.length
  }

  at(index: number): CelValue {
    return celValueOf(this.#value[index], this.#items)
  }
}

/** Data without a type, kept by `x-kubernetes-preserve-unknown-fields`. Rules meet it only in comparisons. */
class PreservedValue implements CelOpaque {
  static readonly #type: CelType = opaqueType('unknown')
  readonly celKind = 'opaque'
  readonly #value: unknown

  constructor(value: unknown) {
    this.#value = value
  }

  get type(): CelType {
    return PreservedValue.#type
  }

  equals(other: CelValue): boolean {
    return other instanceof PreservedValue && equalJson(this.#value, other.#value)
  }
}
