/** Merge types for tests, written as short as the schemas that they stand for. */
import {
  deducedType,
  type MergeList,
  type MergeMap,
  type MergeScalar,
  type MergeType,
} from '../src/structured-merge/merge-type.ts'

export const numeric: MergeScalar = { kind: 'scalar', type: 'numeric' }
export const text: MergeScalar = { kind: 'scalar', type: 'string' }
export const boolean: MergeScalar = { kind: 'scalar', type: 'boolean' }
export const scalar: MergeScalar = { kind: 'scalar' }

type Relationship = MergeMap['relationship']

/** A struct; a function lets its fields refer to itself. */
export function struct(
  fields: { [name: string]: MergeType } | (() => { [name: string]: MergeType }),
  relationship: Relationship = 'granular',
  element?: MergeType,
): MergeMap {
  const own = () => (typeof fields === 'function' ? fields() : fields)
  return {
    kind: 'map',
    relationship,
    field: (name) => (Object.hasOwn(own(), name) ? own()[name] : element),
    declares: (name) => Object.hasOwn(own(), name),
  }
}

export function mapOf(element: MergeType, relationship: Relationship = 'granular'): MergeMap {
  return struct({}, relationship, element)
}

export function setOf(element: MergeType): MergeList {
  return { kind: 'list', relationship: 'set', element }
}

export function atomicListOf(element: MergeType): MergeList {
  return { kind: 'list', relationship: 'atomic', element }
}

export function listMapOf(
  element: MergeType,
  keys: readonly string[],
  keyDefaults?: { [key: string]: unknown },
): MergeList {
  return { kind: 'list', relationship: 'map', element, keys, ...(keyDefaults && { keyDefaults }) }
}

export const objectMeta = struct({
  name: text,
  namespace: text,
  uid: text,
  resourceVersion: text,
  creationTimestamp: text,
  generation: numeric,
  labels: mapOf(text),
  annotations: mapOf(text),
  finalizers: setOf(text),
  managedFields: atomicListOf(deducedType),
})

/** An object of the API with these fields beside metadata. */
export function objectType(fields: { [name: string]: MergeType }): MergeMap {
  return struct({ apiVersion: text, kind: text, metadata: objectMeta, ...fields })
}
