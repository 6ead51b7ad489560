import {
  append,
  type FieldError,
  fieldError,
  isDNS1035Label,
  type JsonObject,
  nameIsPathSegment,
  type ObjectMeta,
  parseGroupVersion,
  validateObjectMeta,
} from '@k1s/apimachinery'
import { coerceObjectMeta, objectMetaError } from './object-meta.ts'
import type { SchemaNode } from './schema-node.ts'

/**
 * Removes from the metadata of embedded resources what `metav1.ObjectMeta` does not know, in place, and returns
 * the sorted paths of it.
 *
 * Follows `CoerceWithOptions` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta`, except that
 * values of wrong types are left for {@link validateEmbeddedResources} to report.
 */
export function coerceEmbeddedMetadata(value: unknown, node: SchemaNode | undefined, path: string): string[] {
  const unknown: string[] = []
  visitResources(value, node, path, (resource, resourcePath) => {
    if (Object.hasOwn(resource, 'metadata')) {
      append(unknown, coerceObjectMeta(resource.metadata, childPath(resourcePath, 'metadata')))
    }
  })
  return unknown.sort()
}

/**
 * Violations in apiVersion, kind and metadata of embedded resources, which need the former two.
 *
 * Follows `Validate` of the same package.
 */
export function validateEmbeddedResources(
  value: unknown,
  node: SchemaNode | undefined,
  path = '',
): FieldError[] {
  const errors: FieldError[] = []
  visitResources(value, node, path, (resource, resourcePath) => {
    append(errors, validateEmbeddedResource(resource, resourcePath))
  })
  return errors
}

function visitResources(
  value: unknown,
  node: SchemaNode | undefined,
  path: string,
  visit: (resource: JsonObject, path: string) => void,
): void {
  if (node === undefined || typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const { items } = node
    if (items === undefined) return
    value.forEach((item, index) => {
      visitResources(item, items, `${path}[${index}]`, visit)
    })
    return
  }
  const object = value as JsonObject
  if (node.isEmbeddedResource) visit(object, path)
  for (const name of Object.keys(object)) {
    const field = object[name]
    if (typeof field !== 'object' || field === null) continue
    const property = node.property(name)
    if (property !== undefined) visitResources(field, property, childPath(path, name), visit)
    else visitResources(field, node.additionalProperties, `${path}[${name}]`, visit)
  }
}

function childPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`
}

/** Equals `validateEmbeddedResource` for one object at `path`, the root object included. */
export function validateEmbeddedResource(resource: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { apiVersion, kind } = resource
  const apiVersionPath = childPath(path, 'apiVersion')
  const kindPath = childPath(path, 'kind')
  if (apiVersion === undefined) errors.push(fieldError.required(apiVersionPath))
  if (kind === undefined) errors.push(fieldError.required(kindPath))
  if (apiVersion !== undefined) append(errors, validateAPIVersion(apiVersion, apiVersionPath))
  if (kind !== undefined) append(errors, validateKind(kind, kindPath))
  if (Object.hasOwn(resource, 'metadata')) {
    append(errors, validateMetadata(resource.metadata, childPath(path, 'metadata')))
  }
  return errors
}

/** The name and namespace may be missing, so they are filled in for the rules of whole objects. */
function validateMetadata(metadata: unknown, path: string): FieldError[] {
  const error = objectMetaError(metadata)
  if (error !== undefined) return [fieldError.invalid(path, metadata, error)]
  const meta = metadata as ObjectMeta | null
  const namespaced = (meta?.namespace ?? '') !== ''
  const name = meta?.name ? meta.name : 'fakename'
  return validateObjectMeta({ ...meta, name }, { namespaced, nameRule: nameIsPathSegment }, path)
}

function validateAPIVersion(apiVersion: unknown, path: string): FieldError[] {
  if (typeof apiVersion !== 'string') return [fieldError.invalid(path, apiVersion, 'must be a string')]
  if (apiVersion === '') return [fieldError.invalid(path, apiVersion, 'must not be empty')]
  try {
    parseGroupVersion(apiVersion)
    return []
  } catch (error) {
    return [fieldError.invalid(path, apiVersion, error instanceof Error ? error.message : String(error))]
  }
}

function validateKind(kind: unknown, path: string): FieldError[] {
  if (typeof kind !== 'string') return [fieldError.invalid(path, kind, 'must be a string')]
  if (kind === '') return [fieldError.invalid(path, kind, 'must not be empty')]
  const messages = isDNS1035Label(kind.toLowerCase())
  if (messages.length === 0) return []
  const detail = `may have mixed case, but should otherwise match: ${messages.join(',')}`
  return [fieldError.invalid(path, kind, detail)]
}
