/**
 * A type of the Common Expression Language, as its checker sees it. Objects answer for their fields when they are
 * asked, so that a schema of thousands of nodes costs what an expression touches.
 */
export type CelType =
  | { readonly kind: PrimitiveKind }
  /** The type of a type: `of` is what is known of it, as in `type(int)`. */
  | { readonly kind: 'type'; readonly of?: CelType }
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
  /** What the checker gives an expression that it refused; never the type of a compiled expression. */
  | 'error'

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
export const errorType = primitive('error')

export const listType = (element: CelType): CelType => ({ kind: 'list', element })
export const mapType = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value })
export const optionalType = (value: CelType): CelType => ({ kind: 'optional', value })
export const opaqueType = (name: string): CelType => ({ kind: 'opaque', name })
export const paramType = (name: string): CelType => ({ kind: 'param', name })
export const typeOf = (type: CelType): CelType => ({ kind: 'type', of: type })

/** As cel-go's `Type.String` writes a type: `list(string)`, `map(string, dyn)`, `google.protobuf.Timestamp`. */
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
    case 'type':
      return type.of ? `type(${formatCelType(type.of)})` : 'type'
    default:
      return type.kind
  }
}

/** As messages of the checker write a type, `FormatCELType` of cel-go: `timestamp`, `null`, `!error!`. */
export function formatCheckedType(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${formatCheckedType(type.element)})`
    case 'map':
      return `map(${formatCheckedType(type.key)}, ${formatCheckedType(type.value)})`
    case 'optional':
      return `optional_type(${formatCheckedType(type.value)})`
    case 'type':
      return type.of ? `type(${formatCheckedType(type.of)})` : 'type'
    case 'object':
    case 'opaque':
    case 'param':
      return type.name
    case 'error':
      return '!error!'
    default:
      return type.kind
  }
}

/** Whether two types are the same, parameters included. */
export function equalCelTypes(a: CelType, b: CelType): boolean {
  if (a === b) return true
  switch (a.kind) {
    case 'list':
      return b.kind === 'list' && equalCelTypes(a.element, b.element)
    case 'map':
      return b.kind === 'map' && equalCelTypes(a.key, b.key) && equalCelTypes(a.value, b.value)
    case 'optional':
      return b.kind === 'optional' && equalCelTypes(a.value, b.value)
    case 'object':
    case 'opaque':
    case 'param':
      return b.kind === a.kind && b.name === a.name
    case 'type':
      if (b.kind !== 'type') return false
      return a.of && b.of ? equalCelTypes(a.of, b.of) : a.of === b.of
    default:
      return a.kind === b.kind
  }
}
