import { isJsonObject } from '@k1s/apimachinery'
import { opaqueSchemas } from './opaque-schemas.ts'
import type { OpenAPISchema } from './openapi-schema.ts'

/** A definition of OpenAPI v3 as one of v2, without defaults, which clients of v2 do not know what to do with. */
export function definitionV2(name: string, schema: OpenAPISchema): OpenAPISchema {
  if (name === opaqueSchemas.quantity?.name) return { description: schema.description, type: 'string' }
  return schemaV2(schema)
}

/** Schemas that hold schemas under names, and whose names are no keywords. */
const namedSchemas = new Set(['properties', 'patternProperties', 'definitions'])

function schemaV2(schema: OpenAPISchema): OpenAPISchema {
  const converted: { [keyword: string]: unknown } = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'default') continue
    if (keyword === '$ref') converted.$ref = referenceV2(value as string)
    else if (keyword === 'allOf') Object.assign(converted, schemaV2((value as OpenAPISchema[])[0]!))
    else if (namedSchemas.has(keyword)) converted[keyword] = mapValues(value as OpenAPISchema)
    else if (keyword === 'items' || keyword === 'additionalProperties') {
      converted[keyword] = isJsonObject(value) ? schemaV2(value) : value
    } else converted[keyword] = value
  }
  return converted
}

function mapValues(schemas: OpenAPISchema): OpenAPISchema {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, schemaV2(schema as OpenAPISchema)]),
  )
}

/** `#/components/schemas/X` as `#/definitions/X`. */
export function referenceV2(ref: string): string {
  return ref.replace('#/components/schemas/', '#/definitions/')
}
