import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { withResourceProperties } from './resource-properties.ts'
import { isEmbedded, isVisible, itemsOf, propertyOf, valuesOf } from './schema-type.ts'

// Bounds of the size of values, from a schema's limits and from what fits into one request, after `SchemaDeclType` of
// `k8s.io/apiserver/pkg/cel/common`. What Kubernetes accepts depends on these numbers: they may not be "improved".

/** Bytes of the greatest request. */
export const maxRequestSize = 3 * 1024 * 1024

/** A schema, and whether it is that of a whole resource. */
export interface SizedSchema {
  readonly schema: JSONSchemaProps
  readonly isResource: boolean
}

const sized = (schema: JSONSchemaProps): SizedSchema => ({ schema, isResource: isEmbedded(schema) })

function asSeen({ schema, isResource }: SizedSchema): JSONSchemaProps {
  return isResource ? withResourceProperties(schema) : schema
}

/** The greatest number of characters, bytes, items or entries that a value may have; 0 where that means nothing. */
export function maxElements({ schema }: SizedSchema): number {
  if (schema['x-kubernetes-int-or-string'] === true) return maxStringElements(schema, maxRequestSize - 2)
  const items = itemsOf(schema)
  const values = valuesOf(schema)
  switch (schema.type) {
    case 'array':
      if (items === undefined) return 0
      return atLeastZero(
        schema.maxItems ?? Math.floor((maxRequestSize - 2) / (minSerializedSize(sized(items)) + 1)),
      )
    case 'object':
      if (values === undefined) return 0
      return atLeastZero(
        schema.maxProperties ?? Math.floor((maxRequestSize - 2) / (minSerializedSize(sized(values)) + 6)),
      )
    case 'string':
      return maxTextElements(schema)
    default:
      return 0
  }
}

function maxTextElements(schema: JSONSchemaProps): number {
  const unlimited = maxRequestSize - 2
  switch (schema.format) {
    case 'byte':
      return atLeastZero(schema.maxLength ?? unlimited)
    case 'duration':
    case 'date-time':
      return 32
    case 'date':
      return 12
    default: {
      const longestOfEnum = Math.max(0, ...(schema.enum ?? []).map((value) => utf8Length(value)))
      const isEnum = schema.enum !== undefined && schema.enum.length > 0
      return maxStringElements(schema, isEnum ? longestOfEnum : unlimited)
    }
  }
}

/** A limit counts characters, which may have four bytes each. */
function maxStringElements({ maxLength }: JSONSchemaProps, otherwise: number): number {
  return maxLength === undefined ? otherwise : atLeastZero(maxLength) * 4
}

function utf8Length(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : 0
}

function atLeastZero(value: number): number {
  return Math.max(0, value)
}

/** The fewest bytes of JSON that a value may have. */
export function minSerializedSize(of: SizedSchema): number {
  const schema = asSeen(of)
  if (schema['x-kubernetes-int-or-string'] === true) return 1
  switch (schema.type) {
    case 'object':
      return valuesOf(schema) === undefined ? minObjectSize(schema) : 2
    case 'string':
      return minTextSize(schema.format)
    case 'boolean':
      return 4
    case 'number':
    case 'integer':
      return 1
    default:
      return 2
  }
}

/** Braces, and the required properties that the server does not fill in, with quotes, colon and comma. */
function minObjectSize({ properties, required }: JSONSchemaProps): number {
  let size = 2
  for (const name of new Set(required ?? [])) {
    const property =
      properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
    if (property === undefined || !isVisible(property)) continue
    if (property.default !== undefined && property.default !== null) continue
    size += Buffer.byteLength(name) + minSerializedSize(sized(property)) + 4
  }
  return size
}

function minTextSize(format: string | undefined): number {
  switch (format) {
    case 'duration':
      return 3
    case 'date':
      return 12
    case 'date-time':
      return 21
    default:
      return 2
  }
}

/**
 * As {@link maxElements}, of what a path leads to: escaped names of properties, `@items`, `@values` and `@keys`.
 * Undefined where rules cannot see it. Kubernetes counts nothing for keys.
 */
export function maxElementsAt(root: SizedSchema, path: readonly string[]): number | undefined {
  let current = root
  for (const step of path) {
    const schema = asSeen(current)
    const isList = schema.type === 'array'
    const elements = isList ? itemsOf(schema) : schema.type === 'object' ? valuesOf(schema) : undefined
    if (step === '@keys') return isList || elements === undefined ? undefined : 0
    let next = elements
    if (step !== '@items' && step !== '@values')
      next = elements === undefined ? visibleProperty(schema, step) : undefined
    if (next === undefined) return undefined
    current = sized(next)
  }
  return maxElements(current)
}

function visibleProperty(schema: JSONSchemaProps, identifier: string): JSONSchemaProps | undefined {
  const property = schema.type === 'object' ? propertyOf(schema, identifier) : undefined
  return property !== undefined && isVisible(property) ? property : undefined
}
