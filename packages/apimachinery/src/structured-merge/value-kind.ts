import { isJsonObject, type JsonObject } from '../json-value.ts'
import { deducedType, type MergeType } from './merge-type.ts'

/** How a value is taken apart: as a scalar, a list or a map. */
export type ValueKind = 'scalar' | 'list' | 'map'

/**
 * The kind in which a type takes a value. Nothing known takes the value as it is, and null as a map, which accepts the
 * form of whatever it is compared with (`deduceAtom` and `handleAtom` of `typed/helpers.go`).
 */
export function kindOf(type: MergeType, value: unknown): ValueKind {
  if (type.kind !== 'untyped') return type.kind
  if (typeof value !== 'object') return 'scalar'
  return Array.isArray(value) ? 'list' : 'map'
}

/** Whether a list or map is owned as a whole. */
export function isAtomic(type: MergeType, kind: ValueKind): boolean {
  switch (type.kind) {
    case 'untyped':
      return kind !== 'map' || type.atomic === true
    case 'list':
    case 'map':
      return type.relationship === 'atomic'
    case 'scalar':
      return true
  }
}

export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

export function asMap(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined
}

export function isEmptyMap(map: JsonObject | undefined): boolean {
  for (const name in map) if (map[name] !== undefined) return false
  return true
}

/** The type of a field or element of a map. What a type does not know is taken as it is. */
export function typeOfField(type: MergeType, name: string): MergeType {
  return (type.kind === 'map' ? type.field(name) : undefined) ?? deducedType
}

/** Whether a field belongs to a struct, so that it is not itself owned by who owns something in it. */
export function declaresField(type: MergeType, name: string): boolean {
  return type.kind === 'map' && type.declares(name)
}
