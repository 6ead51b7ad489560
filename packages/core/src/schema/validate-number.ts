import type { SchemaNode } from './schema-node.ts'
import type { ValidationResult } from './validation-result.ts'

/**
 * The numeric checks of a schema. Integers are compared as Go's int64, to which bounds are truncated; all other
 * numbers as float64. A bound that the schema's own type cannot hold is an error of each value, too.
 *
 * Follows `numberValidator` of `k8s.io/kube-openapi/pkg/validation/validate`.
 */
export function validateNumber(
  value: number,
  node: SchemaNode,
  path: string,
  result: ValidationResult,
): void {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = node.schema
  checkRange(value, node, 'Checked', path, result)
  if (multipleOf === undefined && minimum === undefined && maximum === undefined) return
  const isInteger = Number.isInteger(value)
  const bound = (limit: number, fits: boolean) => (isInteger && fits ? Math.trunc(limit) : limit)
  const show = (limit: number, fits: boolean) => (isInteger && fits ? String(limit) : formatFloat(limit))

  if (multipleOf !== undefined) {
    const fits = checkRange(multipleOf, node, 'MultipleOf', path, result)
    checkMultipleOf(value, bound(multipleOf, fits), show(bound(multipleOf, fits), fits), path, result)
  }
  if (minimum !== undefined) {
    const fits = checkRange(minimum, node, 'Minimum boundary', path, result)
    const limit = bound(minimum, fits)
    if (exclusiveMinimum === true ? value <= limit : value < limit) {
      const relation = exclusiveMinimum === true ? 'greater than' : 'greater than or equal to'
      result.invalid(path, value, `should be ${relation} ${show(limit, fits)}`)
    }
  }
  if (maximum !== undefined) {
    const fits = checkRange(maximum, node, 'Maximum boundary', path, result)
    const limit = bound(maximum, fits)
    if (exclusiveMaximum === true ? value >= limit : value > limit) {
      const relation = exclusiveMaximum === true ? 'less than' : 'less than or equal to'
      result.invalid(path, value, `should be ${relation} ${show(limit, fits)}`)
    }
  }
}

const maxFloat32 = 3.4028234663852886e38

/** Whether the type and format of the schema can hold a number; an error if not. */
function checkRange(
  value: number,
  node: SchemaNode,
  what: string,
  path: string,
  result: ValidationResult,
): boolean {
  if (node.types === 'integer') {
    const isInt32 = node.format === 'int32'
    const limit = isInt32 ? 2 ** 31 : 2 ** 63
    if (Number.isInteger(value) && value >= -limit && value < limit) return true
    const format = node.format === '' ? '(default format)' : `with format ${node.format}`
    result.general(`${what} value must be of type integer ${format} in ${path}`)
    return false
  }
  if (node.format !== 'float' || Math.abs(value) <= maxFloat32) return true
  result.general(`${what} value must be of type number with format float in ${path}`)
  return false
}

function checkMultipleOf(
  value: number,
  factor: number,
  shownFactor: string,
  path: string,
  result: ValidationResult,
): void {
  if (factor <= 0) {
    result.multipleOfNotPositive(path, factor, shownFactor)
    return
  }
  if (!isMultipleOf(value, factor)) result.invalid(path, value, `should be a multiple of ${shownFactor}`)
}

function isMultipleOf(value: number, factor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(factor)) return value % factor === 0
  return isNearInteger(factor < 1 ? (1 / factor) * value : value / factor)
}

/** The relative error within which the API server takes a float for an integer. */
const integerTolerance = 1e-9

export function isNearInteger(value: number): boolean {
  const rounded = Math.round(value)
  if (!Number.isSafeInteger(rounded)) return false
  return value === rounded || Math.abs(value - rounded) < integerTolerance * Math.abs(rounded)
}

/** `%v` of a float64: `0.1`, `1e+06`, `1.5e-07`. */
function formatFloat(value: number): string {
  const [digits, exponentText] = value.toExponential().split('e') as [string, string]
  const exponent = Number(exponentText)
  // strconv changes to an exponent of at least two digits at these bounds.
  if (exponent >= -4 && exponent < 6) return String(value)
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}
