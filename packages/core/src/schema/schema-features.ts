import type { JSONSchemaProps } from './json-schema-props.ts'

/** What a schema says anywhere in it, so that objects are searched only for what may be there. */
export interface SchemaFeatures {
  embeddedResources: boolean
  /** Lists of type set or map. */
  listTypes: boolean
  /** `x-kubernetes-validations`; those that stand only within allOf and its like count for nothing. */
  rules: boolean
}

export function featuresOf(schema: JSONSchemaProps): SchemaFeatures {
  const features: SchemaFeatures = { embeddedResources: false, listTypes: false, rules: false }
  collect(schema, features)
  return features
}

function collect(schema: JSONSchemaProps, features: SchemaFeatures): void {
  if (features.embeddedResources && features.listTypes && features.rules) return
  const { properties, items, additionalProperties } = schema
  if (schema['x-kubernetes-embedded-resource'] === true) features.embeddedResources = true
  const listType = schema['x-kubernetes-list-type']
  if (listType === 'set' || listType === 'map') features.listTypes = true
  if ((schema['x-kubernetes-validations']?.length ?? 0) > 0) features.rules = true
  for (const name in properties) collect(properties[name]!, features)
  if (items !== undefined && !Array.isArray(items)) collect(items as JSONSchemaProps, features)
  if (typeof additionalProperties === 'object') collect(additionalProperties, features)
}
