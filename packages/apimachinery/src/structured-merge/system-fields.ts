import { difference, type FieldSet, fieldPath, fieldSet } from './field-set.ts'

/** The fields of metadata that name the object or are the system's. */
const systemMetadata = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]

let names: ReadonlySet<string> | undefined
let fields: FieldSet | undefined

/** Whether nobody can own this field of metadata. */
export function isSystemField(name: string): boolean {
  names ??= new Set(systemMetadata)
  return names.has(name)
}

/** A set without what nobody can own: `stripMetaManager` of `managedfields/internal/stripmeta.go`. */
export function withoutSystemFields(set: FieldSet): FieldSet {
  fields ??= fieldSet(
    fieldPath('apiVersion'),
    fieldPath('kind'),
    fieldPath('metadata'),
    ...systemMetadata.map((name) => fieldPath('metadata', name)),
  )
  return difference(set, fields)
}
