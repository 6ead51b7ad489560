import { type CelType, formatCelType } from './cel-type.ts'
import {
  CelDuration,
  type CelList,
  type CelMap,
  type CelObject,
  type CelOpaque,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
} from './cel-value.ts'

/** The name of a value's type when evaluating, as `type(value)` and messages give it. */
export function valueTypeName(value: CelValue): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
  }
  if (value === null) return 'null_type'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof CelUint) return 'uint'
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp'
  if (value instanceof CelDuration) return 'google.protobuf.Duration'
  if (value instanceof CelTypeValue) return 'type'
  if (value instanceof CelOptional) return 'optional_type'
  switch (value.celKind) {
    case 'list':
    case 'map':
      return value.celKind
    default:
      return formatCelType(value.type)
  }
}

type Kinded = CelList | CelMap | CelObject | CelOpaque

/** What kind of collection or object a value is; undefined for all others. */
export const celKindOf = (value: CelValue): Kinded['celKind'] | undefined =>
  typeof value === 'object' && value !== null ? (value as Partial<Kinded>).celKind : undefined

export const isList = (value: CelValue): value is CelList => celKindOf(value) === 'list'
export const isMap = (value: CelValue): value is CelMap => celKindOf(value) === 'map'
export const isObject = (value: CelValue): value is CelObject => celKindOf(value) === 'object'
export const isOpaque = (value: CelValue): value is CelOpaque => celKindOf(value) === 'opaque'

/** Whether a value can be passed where a type is declared: collections are judged by their first element, as cel-go does. */
export function isInstance(value: CelValue, type: CelType): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
      return true
    case 'list':
      return isList(value) && (value.size === 0 || isInstance(value.at(0), type.element))
    case 'map': {
      if (!isMap(value)) return false
      const key = value.keys()[0]
      if (key === undefined) return true
      return isInstance(key, type.key) && isInstance(value.get(key) ?? null, type.value)
    }
    case 'optional':
      return value instanceof CelOptional
    case 'type':
      return value instanceof CelTypeValue
    case 'object':
      return isObject(value) && valueTypeName(value) === type.name
    default:
      return valueTypeName(value) === formatCelType(type)
  }
}
