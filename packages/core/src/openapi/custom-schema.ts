import { objectMetadata, typeMeta } from '../builtin/types/object-fields.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { type OpenAPISchema, reference, sortedByName } from './openapi-schema.ts'

interface CustomSchemaOptions {
  /** The definition of ObjectMeta. */
  readonly objectMeta: string
  /**
   * For OpenAPI v2, whose clients refuse unknown fields of whatever has properties: objects that preserve unknown
   * fields get none.
   */
  readonly v2?: boolean
}

/**
 * The OpenAPI schema of a kind with a structural schema: `buildKubeNative` of
 * `k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder`. Without a schema it is any object.
 */
export function customSchema(
  schema: JSONSchemaProps | undefined,
  options: CustomSchemaOptions,
): OpenAPISchema {
  if (schema === undefined) return { type: 'object' }
  if (options.v2 === true && schema['x-kubernetes-preserve-unknown-fields'] === true) {
    return { type: 'object' }
  }
  const { properties, ...rest } = convert(schema, options)
  return {
    ...rest,
    properties: sortedByName([
      ...Object.entries((properties ?? {}) as { [name: string]: OpenAPISchema }),
      ...resourceProperties(options.objectMeta),
    ]),
  }
}

function resourceProperties(objectMeta: string): [string, OpenAPISchema][] {
  return [
    ['apiVersion', typeMeta.apiVersion],
    ['kind', typeMeta.kind],
    ['metadata', reference(objectMeta, { description: objectMetadata.description })],
  ]
}

function convert(schema: JSONSchemaProps, options: CustomSchemaOptions): OpenAPISchema {
  const { items, properties, additionalProperties, ...keywords } = options.v2
    ? schema
    : withIntOrString(schema)
  const converted: { [keyword: string]: unknown } = withoutEmpty(keywords)
  if (items !== undefined && !Array.isArray(items)) {
    converted.items = convert(items as JSONSchemaProps, options)
  }
  if (properties !== undefined && Object.keys(properties).length > 0) {
    const entries = Object.entries(properties)
    converted.properties = sortedByName(entries.map(([name, property]) => [name, convert(property, options)]))
  }
  if (additionalProperties !== undefined) {
    converted.additionalProperties =
      typeof additionalProperties === 'object' ? convert(additionalProperties, options) : additionalProperties
  }
  const isOpen = options.v2 === true && schema['x-kubernetes-preserve-unknown-fields'] === true
  return schema['x-kubernetes-embedded-resource'] === true && !isOpen
    ? withResourceProperties(converted, options)
    : converted
}

function withResourceProperties(schema: OpenAPISchema, { objectMeta }: CustomSchemaOptions): OpenAPISchema {
  const { properties = {}, required = [] } = schema as {
    properties?: { [name: string]: OpenAPISchema }
    required?: string[]
  }
  const missing = ['kind', 'apiVersion'].filter((name) => !required.includes(name))
  return {
    ...schema,
    required: [...required, ...missing],
    properties: sortedByName([...Object.entries(properties), ...resourceProperties(objectMeta)]),
  }
}

const integerOrString = [{ type: 'integer' }, { type: 'string' }]

/** Says in OpenAPI what `x-kubernetes-int-or-string` says: `Unfold` of the structural schema. */
function withIntOrString(schema: JSONSchemaProps): JSONSchemaProps {
  if (schema['x-kubernetes-int-or-string'] !== true) return schema
  const { anyOf, allOf } = schema
  if (isIntegerOrString(anyOf) || isIntegerOrString(allOf?.[0]?.anyOf)) return schema
  if (anyOf === undefined) return { ...schema, anyOf: integerOrString }
  return { ...schema, allOf: [{ anyOf: integerOrString }, ...(allOf ?? [])] }
}

function isIntegerOrString(anyOf: readonly JSONSchemaProps[] | undefined): boolean {
  return anyOf?.length === 2 && anyOf[0]?.type === 'integer' && anyOf[1]?.type === 'string'
}

/** Keywords with a value: Go does not write those that are false or empty. */
function withoutEmpty(keywords: OpenAPISchema): OpenAPISchema {
  return Object.fromEntries(
    Object.entries(keywords).filter(([keyword, value]) => {
      if (value === undefined || value === null) return false
      if (keyword === 'default' || keyword === 'example') return true
      return value !== false && value !== '' && !(Array.isArray(value) && value.length === 0)
    }),
  )
}
