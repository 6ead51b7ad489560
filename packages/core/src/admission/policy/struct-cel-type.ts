import {
  boolType,
  bytesType,
  type CelObjectType,
  type CelType,
  doubleType,
  dynType,
  intType,
  listType,
  mapType,
  stringType,
  timestampType,
} from '../../cel/cel-type.ts'
import { type GoStruct, type GoType, goField } from '../../schema/go-type.ts'
import { escapePropertyName, unescapePropertyName } from '../../schema-rules/property-name.ts'

/** The CEL type of a Go type, as the API server makes it of the OpenAPI schema of the type. `name` names objects. */
export function celTypeOfStruct(type: GoType, name: string): CelType {
  if (typeof type === 'string') return scalarType(type)
  if ('either' in type) return dynType
  if ('listOf' in type) return listType(celTypeOfStruct(type.listOf, `${name}.@idx`))
  if ('mapOf' in type) return mapType(stringType, celTypeOfStruct(type.mapOf, `${name}.@elem`))
  return objectTypeOf(type, name)
}

function objectTypeOf({ fields }: GoStruct, name: string): CelObjectType {
  const known = new Map<string, CelType>()
  return {
    kind: 'object',
    name,
    field(identifier) {
      const property = unescapePropertyName(identifier)
      if (property === undefined || !Object.hasOwn(fields, property)) return undefined
      if (escapePropertyName(property) !== identifier) return undefined
      let type = known.get(identifier)
      if (type === undefined) {
        type = celTypeOfStruct(goField(fields[property]!).type, `${name}.${identifier}`)
        known.set(identifier, type)
      }
      return type
    },
  }
}

function scalarType(type: Extract<GoType, string>): CelType {
  switch (type) {
    case 'string':
      return stringType
    case 'bytes':
      return bytesType
    case 'int32':
    case 'int64':
      return intType
    case 'float64':
      return doubleType
    case 'bool':
      return boolType
    case 'time':
    case 'microTime':
      return timestampType
    default:
      return dynType
  }
}
