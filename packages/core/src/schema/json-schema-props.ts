import { compilePlainPattern } from '../plain-pattern.ts'

/**
 * `JSONSchemaProps` of `apiextensions.k8s.io/v1`: the OpenAPI v3 schema of a CustomResourceDefinition's version.
 * Numbers in a schema, as in objects, are JavaScript numbers: integers beyond 2^53 lose precision.
 */
export interface JSONSchemaProps {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly default?: unknown
  readonly example?: unknown
  readonly externalDocs?: { readonly description?: string; readonly url?: string }

  readonly enum?: readonly unknown[]
  readonly multipleOf?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: boolean
  readonly minimum?: number
  readonly exclusiveMinimum?: boolean
  readonly maxLength?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly maxItems?: number
  readonly minItems?: number
  readonly uniqueItems?: boolean
  readonly maxProperties?: number
  readonly minProperties?: number
  readonly required?: readonly string[]

  readonly items?: JSONSchemaProps | readonly JSONSchemaProps[]
  readonly properties?: { readonly [name: string]: JSONSchemaProps }
  readonly additionalProperties?: JSONSchemaProps | boolean

  readonly allOf?: readonly JSONSchemaProps[]
  readonly anyOf?: readonly JSONSchemaProps[]
  readonly oneOf?: readonly JSONSchemaProps[]
  readonly not?: JSONSchemaProps

  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[]

  // Constructs of JSON Schema that structural schemas forbid.
  readonly id?: string
  readonly $schema?: string
  readonly $ref?: string
  readonly patternProperties?: { readonly [pattern: string]: JSONSchemaProps }
  readonly dependencies?: { readonly [name: string]: unknown }
  readonly additionalItems?: JSONSchemaProps | boolean
  readonly definitions?: { readonly [name: string]: JSONSchemaProps }
}

/** A CEL rule, of `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule?: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: string
  readonly fieldPath?: string
  readonly optionalOldSelf?: boolean
}

/** All schemas directly inside of `schema`, value validations included. */
export function* subschemas(schema: JSONSchemaProps): Generator<JSONSchemaProps> {
  if (Array.isArray(schema.items)) yield* schema.items as readonly JSONSchemaProps[]
  else if (schema.items !== undefined) yield schema.items as JSONSchemaProps
  if (schema.properties !== undefined) yield* Object.values(schema.properties)
  if (typeof schema.additionalProperties === 'object') yield schema.additionalProperties
  if (schema.allOf !== undefined) yield* schema.allOf
  if (schema.anyOf !== undefined) yield* schema.anyOf
  if (schema.oneOf !== undefined) yield* schema.oneOf
  if (schema.not !== undefined) yield schema.not
}

/** True if `schema` or a schema inside of it has a `pattern` that is not plain. */
export function hasPatterns(schema: JSONSchemaProps): boolean {
  const { pattern = '' } = schema
  if (pattern !== '' && compilePlainPattern(pattern) === undefined) return true
  for (const inner of subschemas(schema)) if (hasPatterns(inner)) return true
  return false
}
