import type { MergeList, MergeMap, MergeType } from '@k1s/apimachinery'
import { type GoField, type GoScalar, type GoStruct, type GoType, goField } from './go-type.ts'
import { elementMap, untyped, withKeyDefaults } from './merge-type-parts.ts'

const types = new WeakMap<GoStruct, StructMergeType>()

/**
 * How objects of a built-in kind are merged: what `k8s.io/kube-openapi/pkg/schemaconv` makes of their OpenAPI schema.
 * Types of fields come into being when they are asked for.
 */
export function mergeTypeOfStruct(struct: GoStruct): MergeType {
  let type = types.get(struct)
  if (type === undefined) {
    type = new StructMergeType(struct, struct.mapType ?? 'granular')
    types.set(struct, type)
  }
  return type
}

class StructMergeType implements MergeMap {
  readonly kind = 'map'
  readonly relationship: 'granular' | 'atomic'
  readonly #fields: GoStruct['fields']
  /** Without fields, OpenAPI takes a struct for any object. */
  readonly #isFreeForm: boolean
  readonly #known = new Map<string, MergeType>()

  constructor({ fields }: GoStruct, relationship: 'granular' | 'atomic') {
    this.#fields = fields
    this.#isFreeForm = Object.keys(fields).length === 0
    this.relationship = relationship
  }

  field(name: string): MergeType | undefined {
    if (!this.declares(name)) return this.#isFreeForm ? untyped : undefined
    let type = this.#known.get(name)
    if (type === undefined) {
      type = mergeTypeOfField(goField(this.#fields[name]!))
      this.#known.set(name, type)
    }
    return type
  }

  declares(name: string): boolean {
    return Object.hasOwn(this.#fields, name)
  }
}

const scalars: { readonly [scalar in GoScalar]: MergeType } = {
  string: { kind: 'scalar', type: 'string' },
  bytes: { kind: 'scalar', type: 'string' },
  int32: { kind: 'scalar', type: 'numeric' },
  int64: { kind: 'scalar', type: 'numeric' },
  float64: { kind: 'scalar', type: 'numeric' },
  bool: { kind: 'scalar', type: 'boolean' },
  time: { kind: 'scalar' },
  microTime: { kind: 'scalar' },
  quantity: { kind: 'scalar' },
  fieldsV1: elementMap('granular', untyped),
  json: untyped,
}

function mergeTypeOf(type: GoType): MergeType {
  if (typeof type === 'string') return scalars[type]
  if ('either' in type) return untyped
  if ('listOf' in type) return { kind: 'list', relationship: 'atomic', element: mergeTypeOf(type.listOf) }
  return 'mapOf' in type ? elementMap('granular', mergeTypeOf(type.mapOf)) : mergeTypeOfStruct(type)
}

function mergeTypeOfField(field: GoField): MergeType {
  const { type, mapType } = field
  if (typeof type === 'string') return mergeTypeOf(type)
  if ('listOf' in type) return mergeTypeOfList(field, type.listOf)
  if (mapType === undefined || 'either' in type) return mergeTypeOf(type)
  return 'mapOf' in type ? elementMap(mapType, mergeTypeOf(type.mapOf)) : new StructMergeType(type, mapType)
}

function mergeTypeOfList({ listType = 'atomic', listMapKeys }: GoField, item: GoType): MergeList {
  const list: MergeList = { kind: 'list', relationship: listType, element: mergeTypeOf(item) }
  return listMapKeys === undefined ? list : withKeyDefaults(list, listMapKeys, (key) => defaultOf(item, key))
}

function defaultOf(item: GoType, key: string): unknown {
  if (typeof item === 'string' || !('fields' in item) || !Object.hasOwn(item.fields, key)) return undefined
  return goField(item.fields[key]!).default
}
