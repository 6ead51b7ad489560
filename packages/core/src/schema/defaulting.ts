import { copyJson, isJsonObject, type JsonObject, setField } from '@k1s/apimachinery'
import { coerceEmbeddedMetadata } from './embedded-resource.ts'
import { prune } from './prune.ts'
import type { SchemaNode } from './schema-node.ts'

const prunedDefaults = new WeakMap<SchemaNode, unknown>()

/** A fresh copy of a schema's default, without fields that the schema does not know. Null if it has none. */
function defaultOf(node: SchemaNode | undefined): unknown {
  if (node === undefined || !node.hasDefault) return null
  let value = prunedDefaults.get(node)
  if (value === undefined) {
    value = copyJson(node.schema.default)
    coerceEmbeddedMetadata(value, node, '')
    prune(value, node, node.isEmbeddedResource)
    prunedDefaults.set(node, value)
  }
  return copyJson(value)
}

/**
 * Fills in defaults, in place: for fields that are missing, and for nulls that are not allowed. Objects and
 * arrays that came from a default are defaulted in turn.
 *
 * Follows `Default` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting`.
 */
export function applyDefaults(value: unknown, node: SchemaNode | undefined): void {
  if (node === undefined) return
  if (Array.isArray(value)) {
    const { items } = node
    if (items === undefined) return
    value.forEach((item, index) => {
      if (item === null && !items.nullable) value[index] = defaultOf(items)
      applyDefaults(value[index], items)
    })
    return
  }
  if (isJsonObject(value)) applyDefaultsToFields(value, node)
}

function applyDefaultsToFields(object: JsonObject, node: SchemaNode): void {
  for (const name of node.namesWithDefault) {
    const property = node.property(name)!
    const isMissing = !Object.hasOwn(object, name) || (object[name] === null && !property.nullable)
    if (isMissing) setField(object, name, defaultOf(property))
  }
  for (const name of Object.keys(object)) {
    // Null is an object, too.
    if (typeof object[name] !== 'object') continue
    const property = node.property(name)
    const additional = property === undefined ? node.additionalProperties : undefined
    if (additional !== undefined && object[name] === null && !additional.nullable) {
      setField(object, name, defaultOf(additional))
    }
    const value = object[name]
    if (typeof value === 'object' && value !== null) applyDefaults(value, property ?? additional)
  }
}

/**
 * Removes null fields that are neither nullable nor have a default, in place. Nulls in arrays stay, for
 * validation to refuse.
 *
 * Follows `PruneNonNullableNullsWithoutDefaults` of the same package.
 */
export function dropNulls(value: unknown, node: SchemaNode | undefined): void {
  if (node === undefined) return
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item, node.items)
    return
  }
  if (!isJsonObject(value)) return
  for (const name of Object.keys(value)) {
    if (typeof value[name] !== 'object') continue
    const field = node.field(name)
    if (value[name] !== null) dropNulls(value[name], field)
    else if (field !== undefined && !field.nullable && !field.hasDefault) delete value[name]
  }
}
