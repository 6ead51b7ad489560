import {
  append,
  canonicalJson,
  type FieldError,
  fieldError,
  indexPath,
  isJsonObject,
  type JsonObject,
  setField,
} from '@k1s/apimachinery'
import type { SchemaNode } from './schema-node.ts'

/**
 * Violations of `x-kubernetes-list-type` set (equal items) and map (items with equal keys). The second of equal
 * items is reported, further ones are not.
 *
 * Follows `ValidateListSetsAndMaps` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype`.
 */
export function validateListTypes(value: unknown, node: SchemaNode | undefined, path = ''): FieldError[] {
  const errors: FieldError[] = []
  collect(value, node, path, errors)
  return errors
}

function collect(value: unknown, node: SchemaNode | undefined, path: string, errors: FieldError[]): void {
  if (node === undefined || typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const listType = node.schema['x-kubernetes-list-type']
    if (listType === 'set') append(errors, validateSet(value, path))
    if (listType === 'map') append(errors, validateMap(value, node, path))
    const { items } = node
    if (items === undefined) return
    value.forEach((item, index) => {
      collect(item, items, indexPath(path, index), errors)
    })
    return
  }
  const object = value as JsonObject
  const { additionalProperties } = node
  if (additionalProperties !== undefined) {
    for (const key of Object.keys(object))
      collect(object[key], additionalProperties, `${path}[${key}]`, errors)
  }
  for (const key of Object.keys(object)) {
    const property = node.property(key)
    if (property !== undefined) collect(object[key], property, path === '' ? key : `${path}.${key}`, errors)
  }
}

function validateSet(items: readonly unknown[], path: string): FieldError[] {
  return secondOccurrences(items).map((index) => fieldError.duplicate(indexPath(path, index), items[index]))
}

function validateMap(items: readonly unknown[], node: SchemaNode, path: string): FieldError[] {
  const wrong = items.findIndex((item) => item !== null && !isJsonObject(item))
  if (wrong >= 0) {
    const detail = 'must be an object for an array of list-type map'
    return [fieldError.invalid(indexPath(path, wrong), items[wrong], detail)]
  }
  const names = node.schema['x-kubernetes-list-map-keys'] ?? []
  const keys = items.map((item) => {
    const key: JsonObject = {}
    for (const name of names)
      if (isJsonObject(item) && Object.hasOwn(item, name)) setField(key, name, item[name])
    return key
  })
  return secondOccurrences(keys).map((index) => fieldError.duplicate(indexPath(path, index), keys[index]))
}

function secondOccurrences(values: readonly unknown[]): number[] {
  if (values.length <= 1) return []
  const timesSeen = new Map<string, number>()
  const indices: number[] = []
  values.forEach((value, index) => {
    const text = canonicalJson(value)
    const times = timesSeen.get(text) ?? 0
    timesSeen.set(text, times + 1)
    if (times === 1) indices.push(index)
  })
  return indices
}
