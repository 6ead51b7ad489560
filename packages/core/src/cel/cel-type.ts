/**
 * A type of the Common Expression Language, as its checker sees it. Objects answer for their fields when they are
 * asked, so that a schema of thousands of nodes costs what an expression touches.
 */
export type CelType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly value: CelType }
  | CelObjectType
  /** A type of a library that only its functions look into, such as `kubernetes.URL`. */
  | { readonly kind: 'opaque'; readonly name: string }
  /** A parameter of an overload's signature, such as the `A` of `list(A)`. */
  | { readonly kind: 'param'; readonly name: string }

export type PrimitiveKind =
  | 'dyn'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'null'
  | 'timestamp'
  | 'duration'
  | 'type'

export interface CelObjectType {
  readonly kind: 'object'
  /** Two object types are one if their names are equal. */
  readonly name: string
  /** The type of a field by its CEL name, escaped where that is needed; undefined without such a field. */
  field(name: string): CelType | undefined
}

const primitive = <K extends PrimitiveKind>(kind: K): { readonly kind: K } => Object.freeze({ kind })

export const dynType = primitive('dyn')
export const boolType = primitive('bool')
export const intType = primitive('int')
export const uintType = primitive('uint')
export const doubleType = primitive('double')
export const stringType = primitive('string')
export const bytesType = primitive('bytes')
export const nullType = primitive('null')
export const timestampType = primitive('timestamp')
export const durationType = primitive('duration')
export const typeType = primitive('type')

export const listType = (element: CelType): CelType => ({ kind: 'list', element })
export const mapType = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value })
export const optionalType = (value: CelType): CelType => ({ kind: 'optional', value })
export const opaqueType = (name: string): CelType => ({ kind: 'opaque', name })
export const paramType = (name: string): CelType => ({ kind: 'param', name })

/** As cel-go writes a type in its messages: `list(string)`, `map(string, dyn)`, `google.protobuf.Timestamp`. */
export function formatCelType(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${formatCelType(type.element)})`
    case 'map':
      return `map(${formatCelType(type.key)}, ${formatCelType(type.value)})`
    case 'optional':
      return `optional_type(${formatCelType(type.value)})`
    case 'object':
    case 'opaque':
    case 'param':
      return type.name
    case 'timestamp':
      return 'google.protobuf.Timestamp'
    case 'duration':
      return 'google.protobuf.Duration'
    case 'null':
      return 'null_type'
    default:
      return type.kind
  }
}
