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
    dropInEach(value as { [index: number]: unknown }, type.listOf, (index) => `${path}[${index}]`, unknown)
  } else if ('mapOf' in type) {
    dropInEach(value as JsonObject, type.mapOf, (key) => joinPath(path, key), unknown)
  } else {
    dropInStruct(value as JsonObject, type, path, unknown)
  }
}

function dropInEach(
  values: { [key: string]: unknown },
  type: GoType,
  pathOf: (key: string) => string,
  unknown: string[],
): void {
  for (const key of Object.keys(values)) {
    if (values[key] === null) values[key] = zeroValue(type)
    drop(values[key], type, pathOf(key), unknown)
  }
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
    const fieldPath = joinPath(path, name)
    if (type === undefined) unknown.push(fieldPath)
    if (type === undefined || (object[name] === null && type !== 'json')) delete object[name]
    else drop(object[name], type, fieldPath, unknown)
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
    return firstError(value, (item) => findError(item, type.listOf, field, struct))
  }
  if (!isJsonObject(value)) return mismatch(value, goName(type), field, struct)
  if ('mapOf' in type) {
    return firstError(Object.keys(value), (key) => findError(value[key], type.mapOf, field, struct))
  }
  return firstError(Object.keys(value), (name) => {
    const fieldType = ownField(type, name)
    if (fieldType === undefined) return undefined
    return findError(value[name], fieldType, field === '' ? name : `${field}.${name}`, type.name)
  })
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

function firstError<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const error = find(item)
    if (error !== undefined) return error
  }
  return undefined
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
