import { isJsonObject, type JsonObject, quote } from '@k1s/apimachinery'

/**
 * A type of the Kubernetes API in Go, for JSON of any shape that must fit it before code relies on that. `json` is
 * any value; `either` is decided by whether the value is a `bool`, a list or something else.
 */
export type GoType =
  | 'string'
  | 'int64'
  | 'float64'
  | 'bool'
  | 'time'
  | 'json'
  | { readonly mapOf: GoType }
  | { readonly listOf: GoType }
  | { readonly either: readonly [GoType, GoType] }
  | GoStruct

export interface GoStruct {
  readonly name: string
  readonly fields: { readonly [name: string]: GoType }
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
  if (type === 'string') return ''
  if (type === 'bool') return false
  if (type === 'int64' || type === 'float64') return 0
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
  return Object.hasOwn(struct.fields, name) ? struct.fields[name] : undefined
}

/** The second is taken if the value is a list or boolean and the second is for those. */
function alternative(value: unknown, [first, second]: readonly [GoType, GoType]): GoType {
  const isList = typeof second === 'object' && 'listOf' in second
  return (isList && Array.isArray(value)) || (second === 'bool' && typeof value === 'boolean')
    ? second
    : first
}

function findError(value: unknown, type: GoType, field: string, struct: string): string | undefined {
  if (value === null || type === 'json') return undefined
  if (type === 'time') return timeError(value)
  if (typeof type === 'string') {
    return fitsScalar(value, type) ? undefined : mismatch(value, type, field, struct)
  }
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

function fitsScalar(value: unknown, type: 'string' | 'int64' | 'float64' | 'bool'): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'int64':
      return Number.isInteger(value)
    case 'float64':
      return typeof value === 'number'
  }
}

function goName(type: GoType): string {
  if (type === 'json') return 'interface {}'
  if (typeof type === 'string') return type === 'time' ? 'v1.Time' : type
  if ('either' in type) return goName(type.either[0])
  if ('listOf' in type) return `[]${goName(type.listOf)}`
  return 'mapOf' in type ? `map[string]${goName(type.mapOf)}` : `v1.${type.name}`
}

function mismatch(value: unknown, goType: string, field: string, struct: string): string {
  const place = field === '' ? 'Go value' : `Go struct field ${struct}.${field}`
  return `json: cannot unmarshal ${describe(value, goType)} into ${place} of type ${goType}`
}

function describe(value: unknown, goType: string): string {
  if (typeof value === 'number' && goType === 'int64') return `number ${value}`
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function timeError(value: unknown): string | undefined {
  if (typeof value !== 'string') return mismatch(value, 'string', '', '')
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(value)
  if (isTime && !Number.isNaN(Date.parse(value))) return undefined
  return `parsing time ${quote(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${quote(value)} as "2006"`
}
