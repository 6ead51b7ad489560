import type { MergeList, MergeMap, MergeScalar, MergeType } from '@k1s/apimachinery'
import { objectMeta } from '../builtin/types/object-meta.ts'
import type { JSONSchemaProps } from './json-schema-props.ts'
import { mergeTypeOfStruct } from './merge-type-of-struct.ts'
import { untyped, untypedAtomic, withKeyDefaults } from './merge-type-parts.ts'

/**
 * How objects of a structural schema are merged: what `k8s.io/kube-openapi/pkg/schemaconv` makes of the OpenAPI
 * schema that an API server publishes of it. Types of fields come into being when they are asked for.
 */
export function mergeTypeOfSchema(root: JSONSchemaProps): MergeType {
  const preserves = root['x-kubernetes-preserve-unknown-fields'] === true
  return new SchemaMergeType(root, preserves, true)
}

const string: MergeScalar = { kind: 'scalar', type: 'string' }

class SchemaMergeType implements MergeMap {
  readonly kind = 'map'
  readonly relationship: 'granular' | 'atomic'
  readonly #schema: JSONSchemaProps
  readonly #preservesUnknownFields: boolean
  readonly #isResource: boolean
  readonly #known = new Map<string, MergeType>()
  #elementType: MergeType | undefined

  constructor(schema: JSONSchemaProps, preservesUnknownFields: boolean, isResource: boolean) {
    this.relationship = schema['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'granular'
    this.#schema = schema
    this.#preservesUnknownFields = preservesUnknownFields
    this.#isResource = isResource
  }

  field(name: string): MergeType | undefined {
    if (!this.declares(name)) return this.#element()
    let type = this.#known.get(name)
    if (type === undefined) {
      type = this.#isResource && isResourceField(name) ? resourceField(name) : this.#property(name)
      this.#known.set(name, type)
    }
    return type
  }

  declares(name: string): boolean {
    return this.#isResource && isResourceField(name)
      ? true
      : Object.hasOwn(this.#schema.properties ?? {}, name)
  }

  #property(name: string): MergeType {
    return mergeTypeOf(this.#schema.properties![name]!, this.#preservesUnknownFields)
  }

  #element(): MergeType | undefined {
    const { additionalProperties, properties = {} } = this.#schema
    if (typeof additionalProperties === 'object') {
      this.#elementType ??= mergeTypeOf(additionalProperties, this.#preservesUnknownFields)
      return this.#elementType
    }
    if (additionalProperties !== undefined) return additionalProperties ? untyped : undefined
    const isFreeForm = !this.#isResource && Object.keys(properties).length === 0
    return this.#preservesUnknownFields || isFreeForm ? untyped : undefined
  }
}

function isResourceField(name: string): boolean {
  return name === 'metadata' || name === 'apiVersion' || name === 'kind'
}

function resourceField(name: string): MergeType {
  return name === 'metadata' ? mergeTypeOfStruct(objectMeta) : string
}

/** Unknown fields that a schema preserves are preserved in all that it declares. */
function mergeTypeOf(schema: JSONSchemaProps, inherited: boolean): MergeType {
  const preserves = inherited || schema['x-kubernetes-preserve-unknown-fields'] === true
  switch (schema.type) {
    case 'object':
      return mergeTypeOfObject(schema, preserves)
    case 'array':
      return mergeTypeOfArray(schema, preserves)
    case 'integer':
    case 'number':
      return { kind: 'scalar', type: 'numeric' }
    case 'boolean':
      return { kind: 'scalar', type: 'boolean' }
    case 'string':
      return (schema.format ?? '') === '' || schema.format === 'byte' ? string : { kind: 'scalar' }
    default:
      return mergeTypeOfAny(schema, preserves)
  }
}

function mergeTypeOfObject(schema: JSONSchemaProps, preserves: boolean): MergeType {
  const isResource = schema['x-kubernetes-embedded-resource'] === true
  return new SchemaMergeType(schema, preserves, isResource)
}

/** A value of any type: the fields of an object may be declared all the same. */
function mergeTypeOfAny(schema: JSONSchemaProps, preserves: boolean): MergeType {
  if (schema.properties !== undefined || typeof schema.additionalProperties === 'object') {
    return mergeTypeOfObject(schema, preserves)
  }
  return schema['x-kubernetes-map-type'] === 'atomic' ? untypedAtomic : untyped
}

function mergeTypeOfArray(schema: JSONSchemaProps, preserves: boolean): MergeType {
  const { items } = schema
  const item = items === undefined || Array.isArray(items) ? undefined : (items as JSONSchemaProps)
  const list: MergeList = {
    kind: 'list',
    relationship: relationshipOf(schema['x-kubernetes-list-type']),
    element: item === undefined ? untypedAtomic : mergeTypeOf(item, preserves),
  }
  const keys = schema['x-kubernetes-list-map-keys']
  if (list.relationship !== 'map' || keys === undefined) return list
  return withKeyDefaults(list, keys, (key) => item?.properties?.[key]?.default)
}

function relationshipOf(listType: string | undefined): MergeList['relationship'] {
  return listType === 'set' || listType === 'map' ? listType : 'atomic'
}
