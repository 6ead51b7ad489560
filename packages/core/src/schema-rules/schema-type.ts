import {
  boolType,
  bytesType,
  type CelObjectType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listType,
  mapType,
  stringType,
  timestampType,
} from '../cel/cel-type.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { escapePropertyName, isReservedWord, unescapePropertyName } from './property-name.ts'
import { withResourceProperties } from './resource-properties.ts'

/**
 * The CEL type of a structural schema; undefined where rules cannot see values of it: those without a type, and
 * lists and maps of such. `isResource` says that the schema is that of a whole resource. `name` becomes the name of
 * an object type, and names those within.
 *
 * Follows `SchemaDeclType` of `k8s.io/apiserver/pkg/cel/common` and `MaybeAssignTypeName` of `DeclType`.
 */
export function celTypeOf(schema: JSONSchemaProps, isResource: boolean, name: string): CelType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return dynType
  switch (schema.type) {
    case 'array': {
      const items = itemsOf(schema)
      const element = items && celTypeOf(items, isEmbedded(items), `${name}.@idx`)
      return element && listType(element)
    }
    case 'object': {
      const values = valuesOf(schema)
      if (values === undefined)
        return objectTypeOf(isResource ? withResourceProperties(schema) : schema, name)
      const value = celTypeOf(values, isEmbedded(values), `${name}.@elem`)
      return value && mapType(stringType, value)
    }
    case 'string':
      return textTypeOf(schema.format)
    case 'boolean':
      return boolType
    case 'number':
      return doubleType
    case 'integer':
      return intType
    default:
      return undefined
  }
}

/** Whether rules can see values of a schema: whether {@link celTypeOf} answers. */
export function isVisible(schema: JSONSchemaProps): boolean {
  return celTypeOf(schema, false, '') !== undefined
}

function objectTypeOf(schema: JSONSchemaProps, name: string): CelObjectType {
  const fields = new Map<string, CelType | undefined>()
  return {
    kind: 'object',
    name,
    field(identifier) {
      if (fields.has(identifier)) return fields.get(identifier)
      // Kubernetes takes reserved words as they are as well, though it does not count their sizes then.
      const escaped = isReservedWord(identifier) ? escapePropertyName(identifier)! : identifier
      const property = propertyOf(schema, escaped)
      const type = property && celTypeOf(property, isEmbedded(property), `${name}.${identifier}`)
      fields.set(identifier, type)
      return type
    },
  }
}

function textTypeOf(format: string | undefined): CelType {
  switch (format) {
    case 'byte':
      return bytesType
    case 'duration':
      return durationType
    case 'date':
    case 'date-time':
      return timestampType
    default:
      return stringType
  }
}

/** The schema of the property that an identifier of a rule means. */
export function propertyOf(schema: JSONSchemaProps, identifier: string): JSONSchemaProps | undefined {
  const name = unescapePropertyName(identifier)
  const { properties } = schema
  if (name === undefined || properties === undefined || !Object.hasOwn(properties, name)) return undefined
  return escapePropertyName(name) === identifier ? properties[name] : undefined
}

export function isEmbedded(schema: JSONSchemaProps): boolean {
  return schema['x-kubernetes-embedded-resource'] === true
}

/** The schema of the items of a list. */
export function itemsOf({ items }: JSONSchemaProps): JSONSchemaProps | undefined {
  return Array.isArray(items) ? undefined : (items as JSONSchemaProps | undefined)
}

/** The schema of the values of a map. */
export function valuesOf({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}
