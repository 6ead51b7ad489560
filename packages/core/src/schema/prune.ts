import { indexPath, isJsonObject, type JsonObject } from '@k1s/apimachinery'
import type { SchemaNode } from './schema-node.ts'

/** Fields that are known in every object and embedded resource, whatever its schema says. */
const typeAndObjectMeta: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/**
 * Removes fields that `node` does not know from `value`, in place, and returns their sorted paths. With
 * `isResourceRoot` apiVersion, kind and metadata stay untouched at the top. Without a schema every field of an
 * object is unknown, also below `additionalProperties: true`.
 *
 * Follows `PruneWithOptions` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning`.
 */
export function prune(value: unknown, node: SchemaNode | undefined, isResourceRoot: boolean): string[] {
  const unknown: string[] = []
  const isResource = isResourceRoot || node?.isEmbeddedResource === true
  if (node?.preservesUnknownFields) pruneSpecified(value, node, '', unknown, isResource)
  else pruneAll(value, node, '', unknown, isResource)
  return unknown.sort()
}

function pruneValue(value: unknown, node: SchemaNode | undefined, path: string, unknown: string[]): void {
  if (node?.preservesUnknownFields) pruneSpecified(value, node, path, unknown, node.isEmbeddedResource)
  else pruneAll(value, node, path, unknown, node?.isEmbeddedResource === true)
}

function pruneAll(
  value: unknown,
  node: SchemaNode | undefined,
  path: string,
  unknown: string[],
  isResource: boolean,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (isContainer(item)) pruneValue(item, node?.items, indexPath(path, index), unknown)
    }
    return
  }
  if (!isJsonObject(value)) return
  for (const key of Object.keys(value)) {
    if (isResource && typeAndObjectMeta.has(key)) continue
    if (pruneField(value, key, node, path, unknown)) continue
    // At the top these three are a matter of the caller, who knows whether they belong there.
    if (path !== '' || !typeAndObjectMeta.has(key)) unknown.push(fieldPath(path, key))
    delete value[key]
  }
}

/** Prunes below the fields that the schema specifies and keeps all others. */
function pruneSpecified(
  value: unknown,
  node: SchemaNode,
  path: string,
  unknown: string[],
  isResource: boolean,
): void {
  if (Array.isArray(value)) {
    const { items } = node
    if (items === undefined) return
    for (const [index, item] of value.entries()) {
      if (isContainer(item))
        pruneSpecified(item, items, indexPath(path, index), unknown, items.isEmbeddedResource)
    }
    return
  }
  if (!isJsonObject(value)) return
  for (const key of Object.keys(value)) {
    if (isResource && typeAndObjectMeta.has(key)) continue
    pruneField(value, key, node, path, unknown)
  }
}

/** False if the schema does not know the field. */
function pruneField(
  object: JsonObject,
  key: string,
  node: SchemaNode | undefined,
  path: string,
  unknown: string[],
): boolean {
  const property = node?.property(key)
  if (property === undefined && !node?.definesAdditionalProperties) return false
  const field = property ?? node?.additionalProperties
  const value = object[key]
  if (isContainer(value)) pruneValue(value, field, fieldPath(path, key), unknown)
  return true
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function fieldPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`
}
