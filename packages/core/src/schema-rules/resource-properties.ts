import type { JSONSchemaProps } from '../schema/json-schema-props.ts'

/** The greatest length of a name, as of a DNS subdomain. */
const maxNameLength = 253

const withProperties = new WeakMap<JSONSchemaProps, JSONSchemaProps>()

/**
 * The schema of a resource as rules see it: `apiVersion`, `kind`, `metadata.name` and `metadata.generateName` are
 * always there, and of the metadata nothing else unless the schema defines both names.
 *
 * Follows `WithTypeAndObjectMeta` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model`.
 */
export function withResourceProperties(schema: JSONSchemaProps): JSONSchemaProps {
  let extended = withProperties.get(schema)
  if (extended === undefined) {
    extended = definesResource(schema) ? schema : extend(schema)
    withProperties.set(schema, extended)
  }
  return extended
}

function definesResource({ properties }: JSONSchemaProps): boolean {
  const metadata = properties?.metadata
  return (
    properties?.kind?.type === 'string' &&
    properties.apiVersion?.type === 'string' &&
    metadata?.type === 'object' &&
    metadata.properties?.name?.type === 'string' &&
    metadata.properties.generateName?.type === 'string'
  )
}

function extend(schema: JSONSchemaProps): JSONSchemaProps {
  const { items: _, ...rest } = schema
  const names = schema.properties?.metadata?.properties
  return {
    ...rest,
    properties: {
      ...schema.properties,
      kind: { type: 'string' },
      apiVersion: { type: 'string' },
      metadata: {
        type: 'object',
        properties: {
          name: nameSchema(names?.name, maxNameLength),
          // What is appended has at least one character.
          generateName: nameSchema(names?.generateName, maxNameLength - 1),
        },
      },
    },
  }
}

function nameSchema(schema: JSONSchemaProps | undefined, max: number): JSONSchemaProps {
  return { type: 'string', maxLength: Math.min(schema?.maxLength ?? max, max) }
}
