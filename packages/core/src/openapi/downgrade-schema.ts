import type { JSONSchemaProps } from '../schema/json-schema-props.ts'

/**
 * What OpenAPI v2, as kubectl reads it, can say of a structural schema: `ToStructuralOpenAPIV2` of
 * `k8s.io/apiextensions-apiserver/pkg/controller/openapi/v2`. Junctors and `nullable` do not exist there; what may be
 * null, or hold unknown fields, becomes a value of any type.
 */
export function downgradeSchema(schema: JSONSchemaProps): JSONSchemaProps {
  const { allOf, anyOf, oneOf, not, nullable = false, ...rest } = schema
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true
  const { type, items, properties, additionalProperties, required, ...keywords } = rest
  const keptItems = nullable || preserves ? undefined : items
  const keptProperties = nullable || preserves ? undefined : properties
  const isAny = nullable || (preserves && type === 'object') || (type === 'array' && keptItems === undefined)
  const keptRequired = requiredFields(required, keptProperties, additionalProperties)
  return {
    ...keywords,
    ...(type !== undefined && !isAny && { type }),
    ...(keptRequired !== undefined && { required: keptRequired }),
    ...(keptItems !== undefined && { items: downgradeItems(keptItems) }),
    ...(keptProperties !== undefined && { properties: downgradeProperties(keptProperties) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object'
          ? downgradeSchema(additionalProperties)
          : additionalProperties,
    }),
  }
}

function downgradeItems(items: NonNullable<JSONSchemaProps['items']>): JSONSchemaProps {
  return downgradeSchema(items as JSONSchemaProps)
}

function downgradeProperties(properties: NonNullable<JSONSchemaProps['properties']>) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, downgradeSchema(property)]),
  )
}

/** A field that may be null cannot be required where null cannot be said. */
function requiredFields(
  required: JSONSchemaProps['required'],
  properties: JSONSchemaProps['properties'] = {},
  additionalProperties: JSONSchemaProps['additionalProperties'],
): readonly string[] | undefined {
  if (typeof additionalProperties === 'object' && additionalProperties.nullable === true) return undefined
  const kept = required?.filter((name) => properties[name]?.nullable !== true)
  return kept?.length === 0 ? undefined : kept
}
