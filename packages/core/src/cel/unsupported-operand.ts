import type { CelValue } from './cel-value.ts'
import { CelEvaluationError, noSuchOverload } from './evaluation-error.ts'
import { valueTypeName } from './value-type.ts'

/** Types that have methods: cel-go looks for the function there and does not name it when it is not found. */
const RECEIVERS: ReadonlySet<string> = new Set([
  'string',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
])

/**
 * The error of an operator or a function for operands that it does not take. cel-go names it only where the first operand
 * is of no type that it could take.
 *
 * @param supported the types that may come first
 */
export function unsupportedOperand(
  name: string,
  operand: CelValue,
  supported: ReadonlySet<string>,
): CelEvaluationError {
  const type = valueTypeName(operand)
  if (supported.has(type) || RECEIVERS.has(type)) return noSuchOverload()
  return new CelEvaluationError(`no such overload: ${name}`)
}
