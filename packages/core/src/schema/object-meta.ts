import { isJsonObject, type JsonObject } from '@k1s/apimachinery'

/**
 * The fields of `metav1.ObjectMeta` and their types in Go, for metadata that arrives as JSON of any shape.
 * Unknown fields, nulls and empty values are dropped, wrong types are errors, as when the API server decodes
 * metadata and writes it back (`GetObjectMeta` and `SetObjectMeta` of
 * `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta`).
 */
type FieldType =
  | 'string'
  | 'int64'
  | 'bool'
  | 'time'
  | 'json'
  | { readonly mapOf: FieldType }
  | { readonly listOf: FieldType }
  | Struct

interface Struct {
  readonly name: string
  readonly fields: { readonly [name: string]: FieldType }
}

const ownerReference: Struct = {
  name: 'OwnerReference',
  fields: {
    apiVersion: 'string',
    kind: 'string',
    name: 'string',
    uid: 'string',
    controller: 'bool',
    blockOwnerDeletion: 'bool',
  },
}

const managedFieldsEntry: Struct = {
  name: 'ManagedFieldsEntry',
  fields: {
    manager: 'string',
    operation: 'string',
    apiVersion: 'string',
    time: 'time',
    fieldsType: 'string',
    fieldsV1: 'json',
    subresource: 'string',
  },
}

const objectMeta: Struct = {
  name: 'ObjectMeta',
  fields: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    selfLink: 'string',
    uid: 'string',
    resourceVersion: 'string',
    generation: 'int64',
    creationTimestamp: 'time',
    deletionTimestamp: 'time',
    deletionGracePeriodSeconds: 'int64',
    labels: { mapOf: 'string' },
    annotations: { mapOf: 'string' },
    ownerReferences: { listOf: ownerReference },
    finalizers: { listOf: 'string' },
    managedFields: { listOf: managedFieldsEntry },
  },
}

/** Fields that are written even when empty. */
const alwaysWritten: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'name', 'uid'])

/**
 * Removes what `metadata` cannot hold, in place, and returns the paths of unknown fields, `path` included. Fields
 * of wrong types stay as they are: {@link objectMetaError} finds them.
 */
export function coerceObjectMeta(metadata: unknown, path: string): string[] {
  const unknown: string[] = []
  if (objectMetaError(metadata) === undefined && isJsonObject(metadata)) {
    coerceStruct(metadata, objectMeta, path, unknown)
  }
  return unknown
}

/** The first value of a wrong type in `metadata`, in the words of Go's JSON decoder; undefined if it is well formed. */
export function objectMetaError(metadata: unknown): string | undefined {
  return decodeError(metadata, objectMeta, '', '')
}

function coerceStruct(object: JsonObject, struct: Struct, path: string, unknown: string[]): void {
  const isRoot = struct === objectMeta
  for (const name of Object.keys(object)) {
    const type = Object.hasOwn(struct.fields, name) ? struct.fields[name]! : undefined
    const fieldPath = `${path}.${name}`
    if (type === undefined) {
      unknown.push(fieldPath)
      delete object[name]
    } else if (isEmpty(object[name]) && (isRoot || !alwaysWritten.has(name))) {
      delete object[name]
    } else {
      coerceLists(object[name], type, fieldPath, unknown)
    }
  }
}

function coerceLists(value: unknown, type: FieldType, path: string, unknown: string[]): void {
  if (typeof type !== 'object' || !('listOf' in type) || !Array.isArray(value)) return
  const { listOf } = type
  if (typeof listOf !== 'object' || !('fields' in listOf)) return
  value.forEach((item, index) => {
    if (isJsonObject(item)) coerceStruct(item, listOf, `${path}[${index}]`, unknown)
  })
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '' || value === 0) return true
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0
}

function decodeError(value: unknown, type: FieldType, field: string, struct: string): string | undefined {
  if (value === null || type === 'json') return undefined
  if (type === 'time') return timeError(value)
  if (typeof type === 'string') {
    const matches =
      type === 'int64' ? Number.isSafeInteger(value) : typeof value === (type === 'bool' ? 'boolean' : type)
    return matches ? undefined : mismatch(value, type, field, struct)
  }
  if ('listOf' in type) {
    if (!Array.isArray(value)) return mismatch(value, goName(type), field, struct)
    return firstDefined(value, (item) => decodeError(item, type.listOf, field, struct))
  }
  if (!isJsonObject(value)) return mismatch(value, goName(type), field, struct)
  if ('mapOf' in type) {
    return firstDefined(Object.values(value), (entry) => decodeError(entry, type.mapOf, field, struct))
  }
  return firstDefined(Object.keys(value), (name) => {
    if (!Object.hasOwn(type.fields, name)) return undefined
    return decodeError(value[name], type.fields[name]!, field === '' ? name : `${field}.${name}`, type.name)
  })
}

function firstDefined<T>(items: readonly T[], look: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

function goName(type: FieldType): string {
  if (typeof type === 'string') return type
  if ('listOf' in type) return `[]${goName(type.listOf)}`
  return 'mapOf' in type ? `map[string]${goName(type.mapOf)}` : `v1.${type.name}`
}

function mismatch(value: unknown, goType: string, field: string, struct: string): string {
  const isFraction = typeof value === 'number' && goType === 'int64'
  const found = isFraction ? `number ${value}` : Array.isArray(value) ? 'array' : jsonTypeOf(value)
  const place = field === '' ? 'Go value' : `Go struct field ${struct}.${field}`
  return `json: cannot unmarshal ${found} into ${place} of type ${goType}`
}

function jsonTypeOf(value: unknown): string {
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function timeError(value: unknown): string | undefined {
  if (typeof value !== 'string') return mismatch(value, 'string', '', '')
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(value)
  if (isTime && !Number.isNaN(Date.parse(value.replace(',', '.')))) return undefined
  return `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`
}
