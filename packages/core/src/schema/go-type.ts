import { isJsonObject, type JsonObject, jsonTypeName, parseQuantity } from '@k1s/apimachinery'
import { base64Error } from './base64.ts'
import { timeError } from './go-time.ts'

/**
 * A type of the Kubernetes API in Go, for JSON of any shape that must fit it before code relies on that, and for all
 * that is derived from the type: OpenAPI schemas, merges, strategic merge patches.
 */
export type GoType = GoScalar | { readonly mapOf: GoType } | { readonly listOf: GoType } | GoEither | GoStruct

/** `bytes` is base64 in JSON, `quantity` a text or number, `fieldsV1` an object, and `json` any value. */
export type GoScalar =
  | 'string'
  | 'bytes'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'bool'
  | 'time'
  | 'microTime'
  | 'quantity'
  | 'fieldsV1'
  | 'json'

/** A named type of two forms, decided by whether the value is a `bool`, a list or something else. */
export interface GoEither {
  readonly name: string
  readonly package: string
  readonly description?: string
  readonly either: readonly [GoType, GoType]
}

export interface GoStruct {
  readonly name: string
  /** The package as OpenAPI names it, `io.k8s.api.core.v1`: with the name, the name of the definition. */
  readonly package: string
  readonly description: string
  /** An `atomic` struct is owned and replaced as a whole. */
  readonly mapType?: 'atomic'
  readonly fields: { readonly [name: string]: GoType | GoField }
}

/** A field of a {@link GoStruct} with what its tags and comments say, as `openapi-gen` reads them. */
export interface GoField {
  readonly type: GoType
  readonly description?: string
  readonly required?: true
  readonly default?: unknown
  /** The values of the field, or of the items of a list. */
  readonly enum?: readonly string[]
  readonly listType?: 'atomic' | 'set' | 'map'
  readonly listMapKeys?: readonly string[]
  readonly mapType?: 'atomic' | 'granular'
  /** For strategic merge patches. */
  readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[]
  readonly patchMergeKey?: string
}

/** A field in its long form. */
export function goField(field: GoType | GoField): GoField {
  return isField(field) ? field : { type: field }
}

function isField(field: GoType | GoField): field is GoField {
  return typeof field === 'object' && 'type' in field
}

/** The first value of a wrong type, in the words of Go's JSON decoder; undefined if all fits. Nulls fit everywhere. */
export function decodeError(value: unknown, type: GoType): string | undefined {
  return findError(value, type, '', '')
}

/**
 * Removes fields that a struct does not have, in place, and returns their paths, `path` included. Nulls, which Go
 * decodes as absent fields and as empty items, become that. The value must have passed {@link decodeError}.
 */
export function dropUnknownFields(value: unknown, type: GoType, path: string): string[] {
  const unknown: string[] = []
  drop(value, type, path, unknown)
  return unknown
}

function drop(value: unknown, type: GoType, path: string, unknown: string[]): void {
  if (typeof type === 'string' || typeof value !== 'object' || value === null) return
  if ('either' in type) {
    drop(value, alternative(value, type.either), path, unknown)
  } else if ('listOf' in type) {
    nullsToZero(value as { [index: number]: unknown }, type.listOf)
    if (typeof type.listOf === 'string') return
    for (const [index, item] of (value as unknown[]).entries())
      drop(item, type.listOf, `${path}[${index}]`, unknown)
  } else if ('mapOf' in type) {
    nullsToZero(value as JsonObject, type.mapOf)
    if (typeof type.mapOf === 'string') return
    for (const key of Object.keys(value))
      drop((value as JsonObject)[key], type.mapOf, joinPath(path, key), unknown)
  } else {
    dropInStruct(value as JsonObject, type, path, unknown)
  }
}

function nullsToZero(values: { [key: string]: unknown }, type: GoType): void {
  for (const key of Object.keys(values)) if (values[key] === null) values[key] = zeroValue(type)
}

/** What Go makes of a null in a list or map. */
function zeroValue(type: GoType): unknown {
  if (type === 'string' || type === 'bytes') return ''
  if (type === 'bool') return false
  if (type === 'int32' || type === 'int64' || type === 'float64') return 0
  if (typeof type === 'string' || 'either' in type) return null
  return 'listOf' in type ? [] : {}
}

function dropInStruct(object: JsonObject, struct: GoStruct, path: string, unknown: string[]): void {
  for (const name of Object.keys(object)) {
    const type = ownField(struct, name)
    if (type === undefined) unknown.push(joinPath(path, name))
    if (type === undefined || (object[name] === null && type !== 'json')) delete object[name]
    else if (typeof type !== 'string') drop(object[name], type, joinPath(path, name), unknown)
  }
}

function joinPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`
}

function ownField(struct: GoStruct, name: string): GoType | undefined {
  if (!Object.hasOwn(struct.fields, name)) return undefined
  const field = struct.fields[name]!
  return isField(field) ? field.type : field
}

/** The second is taken if the value is a list or boolean and the second is for those. */
function alternative(value: unknown, [first, second]: readonly [GoType, GoType]): GoType {
  const isList = typeof second === 'object' && 'listOf' in second
  return (isList && Array.isArray(value)) || (second === 'bool' && typeof value === 'boolean')
    ? second
    : first
}

function findError(value: unknown, type: GoType, field: string, struct: string): string | undefined {
  if (value === null || type === 'json' || type === 'fieldsV1') return undefined
  if (typeof type === 'string') return findScalarError(value, type, field, struct)
  if ('either' in type) return findError(value, alternative(value, type.either), field, struct)
  if ('listOf' in type) {
    if (!Array.isArray(value)) return mismatch(value, goName(type), field, struct)
    for (const item of value) {
      const error = findError(item, type.listOf, field, struct)
      if (error !== undefined) return error
    }
    return undefined
  }
  if (!isJsonObject(value)) return mismatch(value, goName(type), field, struct)
  for (const name of Object.keys(value)) {
    const error =
      'mapOf' in type
        ? findError(value[name], type.mapOf, field, struct)
        : findFieldError(value[name], name, type, field)
    if (error !== undefined) return error
  }
  return undefined
}

function findFieldError(value: unknown, name: string, struct: GoStruct, field: string): string | undefined {
  const type = ownField(struct, name)
  return type && findError(value, type, field === '' ? name : `${field}.${name}`, struct.name)
}

function findScalarError(value: unknown, type: GoScalar, field: string, struct: string): string | undefined {
  switch (type) {
    case 'time':
    case 'microTime':
      return typeof value === 'string' ? timeError(value, type) : mismatch(value, 'string', '', '')
    case 'quantity':
      return quantityError(value)
    case 'bytes':
      return typeof value === 'string' ? base64Error(value) : mismatch(value, goName(type), field, struct)
    default:
      return fitsScalar(value, type) ? undefined : mismatch(value, goName(type), field, struct)
  }
}

function fitsScalar(value: unknown, type: GoScalar): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'int32':
      return Number.isInteger(value) && (value as number) >> 0 === value
    case 'int64':
      return Number.isInteger(value)
    case 'float64':
      return typeof value === 'number'
    default:
      return true
  }
}

/** `UnmarshalJSON` of a Quantity reads any token as text. */
function quantityError(value: unknown): string | undefined {
  try {
    parseQuantity(typeof value === 'string' ? value.trim() : JSON.stringify(value))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function goName(type: GoType): string {
  switch (type) {
    case 'json':
    case 'fieldsV1':
      return 'interface {}'
    case 'bytes':
      return '[]uint8'
    case 'time':
      return 'v1.Time'
    case 'microTime':
      return 'v1.MicroTime'
    case 'quantity':
      return 'resource.Quantity'
  }
  if (typeof type === 'string') return type
  if ('either' in type) return goName(type.either[0])
  if ('listOf' in type) return `[]${goName(type.listOf)}`
  return 'mapOf' in type ? `map[string]${goName(type.mapOf)}` : `v1.${type.name}`
}

function mismatch(value: unknown, goType: string, field: string, struct: string): string {
  const place = field === '' ? 'Go value' : `Go struct field ${struct}.${field}`
  return `json: cannot unmarshal ${describe(value, goType)} into ${place} of type ${goType}`
}

function describe(value: unknown, goType: string): string {
  if (typeof value === 'number' && (goType === 'int64' || goType === 'int32')) return `number ${value}`
  return jsonTypeName(value)
}
