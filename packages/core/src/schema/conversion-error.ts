import { isJsonObject } from '@k1s/apimachinery'
import { base64Error } from './base64.ts'
import { decodeError, type GoScalar, type GoType, goField } from './go-type.ts'

/**
 * The first value of a wrong type, in the words of the converter of `k8s.io/apimachinery/pkg/runtime`, which is what
 * reads the result of a strategic merge patch; undefined if all fits. Where {@link decodeError} finds more, it is as if
 * the types had been decoded from JSON.
 */
export function conversionError(value: unknown, type: GoType): string | undefined {
  return findError(value, type) ?? decodeError(value, type)
}

function findError(value: unknown, type: GoType): string | undefined {
  if (value === null) return undefined
  if (typeof type === 'string') return scalarError(value, type)
  // Types of two forms read JSON by themselves.
  if ('either' in type) return decodeError(value, type)
  if ('listOf' in type) {
    if (!Array.isArray(value)) return `cannot restore slice from ${kindOf(value)}`
    return firstError(value.map((item) => [item, type.listOf]))
  }
  if ('mapOf' in type) {
    if (!isJsonObject(value)) return `cannot restore map from ${kindOf(value)}`
    return firstError(Object.values(value).map((field) => [field, type.mapOf]))
  }
  if (!isJsonObject(value)) return `cannot restore struct from: ${kindOf(value)}`
  const names = Object.keys(value).filter((name) => Object.hasOwn(type.fields, name))
  return firstError(names.map((name) => [value[name], goField(type.fields[name]!).type]))
}

function firstError(values: readonly (readonly [value: unknown, type: GoType])[]): string | undefined {
  for (const [value, type] of values) {
    const error = findError(value, type)
    if (error !== undefined) return error
  }
  return undefined
}

function scalarError(value: unknown, type: GoScalar): string | undefined {
  const kind = kindOf(value)
  switch (type) {
    case 'string':
      if (kind === 'int64') return 'cannot convert int64 to string'
      return kind === 'string' ? undefined : 'unrecognized type: string'
    case 'bool':
      return kind === 'bool' ? undefined : 'unrecognized type: bool'
    case 'int32':
    case 'int64':
      if (kind === 'float64') return `cannot convert float64 to ${type}`
      return kind === 'int64' ? undefined : `unrecognized type: ${type}`
    case 'float64':
      return kind === 'int64' || kind === 'float64' ? undefined : 'unrecognized type: float64'
    case 'bytes':
      return typeof value === 'string' ? bytesError(value) : `cannot restore slice from ${kind}`
    default:
      return decodeError(value, type)
  }
}

function bytesError(text: string): string | undefined {
  const error = base64Error(text)
  return error && `error decoding from json: ${error}`
}

/** The kind of a value that was read from JSON, as Go names it. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice'
  if (isJsonObject(value)) return 'map'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
