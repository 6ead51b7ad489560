import { CelDuration, CelTimestamp, CelUint, type CelValue } from './cel-value.ts'
import { concatLists } from './collections.ts'
import { CostExceededError } from './cost-budget.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { checkedDuration, checkedTimestamp } from './time-range.ts'
import { unsupportedOperand } from './unsupported-operand.ts'
import { isList } from './value-type.ts'

const NUMBERS: ReadonlySet<string> = new Set(['int', 'uint', 'double'])
const INTEGERS: ReadonlySet<string> = new Set(['int', 'uint'])
const TIMES = ['google.protobuf.Timestamp', 'google.protobuf.Duration']
const ADDED: ReadonlySet<string> = new Set([...NUMBERS, ...TIMES, 'string', 'bytes', 'list'])
const SUBTRACTED: ReadonlySet<string> = new Set([...NUMBERS, ...TIMES])
const NEGATED: ReadonlySet<string> = new Set(['int', 'double', 'bool', 'google.protobuf.Duration'])

function checkedInt(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value
  throw new CelEvaluationError('integer overflow')
}

function checkedUint(value: bigint): CelUint {
  if (BigInt.asUintN(64, value) === value) return new CelUint(value)
  throw new CelEvaluationError('unsigned integer overflow')
}

/** @throws CelEvaluationError for an overflow, and for values that cannot be added */
export function add(a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') return checkedInt(a + b)
  if (typeof a === 'string' && typeof b === 'string') return joinTexts(a, b)
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (a instanceof CelUint && b instanceof CelUint) return checkedUint(a.value + b.value)
  if (isList(a) && isList(b)) return concatLists(a, b)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from(Buffer.concat([a, b]))
  if (a instanceof CelTimestamp && b instanceof CelDuration) return shift(a, b.nanoseconds)
  if (a instanceof CelDuration && b instanceof CelTimestamp) return shift(b, a.nanoseconds)
  if (a instanceof CelDuration && b instanceof CelDuration)
    return checkedDuration(a.nanoseconds + b.nanoseconds)
  throw unsupportedOperand('_+_', a, ADDED)
}

/** JavaScript has a longest string, which texts that double again and again would reach. */
const LONGEST_TEXT = 2 ** 28

function joinTexts(a: string, b: string): string {
  if (a.length + b.length > LONGEST_TEXT) throw new CostExceededError()
  return a + b
}

/** @throws CelEvaluationError for an overflow, and for values that cannot be subtracted */
export function subtract(a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') return checkedInt(a - b)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (a instanceof CelUint && b instanceof CelUint) return checkedUint(a.value - b.value)
  if (a instanceof CelTimestamp && b instanceof CelTimestamp)
    return checkedDuration(a.nanoseconds - b.nanoseconds)
  if (a instanceof CelTimestamp && b instanceof CelDuration) return shift(a, -b.nanoseconds)
  if (a instanceof CelDuration && b instanceof CelDuration)
    return checkedDuration(a.nanoseconds - b.nanoseconds)
  throw unsupportedOperand('_-_', a, SUBTRACTED)
}

const shift = (timestamp: CelTimestamp, by: bigint) =>
  checkedTimestamp(timestamp.nanoseconds + by, timestamp.offsetSeconds)

/** @throws CelEvaluationError for an overflow, and for values that cannot be multiplied */
export function multiply(a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') return checkedInt(a * b)
  if (typeof a === 'number' && typeof b === 'number') return a * b
  if (a instanceof CelUint && b instanceof CelUint) return checkedUint(a.value * b.value)
  throw unsupportedOperand('_*_', a, NUMBERS)
}

/** Integers are divided towards zero. */
export function divide(a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') return checkedInt(a / nonZero(b, 'division by zero'))
  if (typeof a === 'number' && typeof b === 'number') return a / b
  if (a instanceof CelUint && b instanceof CelUint)
    return checkedUint(a.value / nonZero(b.value, 'division by zero'))
  throw unsupportedOperand('_/_', a, NUMBERS)
}

/** The remainder has the sign of the dividend. */
export function modulo(a: CelValue, b: CelValue): CelValue {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (a === -(2n ** 63n) && b === -1n) throw new CelEvaluationError('integer overflow')
    return a % nonZero(b, 'modulus by zero')
  }
  if (a instanceof CelUint && b instanceof CelUint)
    return checkedUint(a.value % nonZero(b.value, 'modulus by zero'))
  throw unsupportedOperand('_%_', a, INTEGERS)
}

function nonZero(value: bigint, message: string): bigint {
  if (value === 0n) throw new CelEvaluationError(message)
  return value
}

export function negate(value: CelValue): CelValue {
  if (typeof value === 'bigint') return checkedInt(-value)
  if (typeof value === 'number') return -value
  if (value instanceof CelDuration) return checkedDuration(-value.nanoseconds)
  throw unsupportedOperand('-_', value, NEGATED)
}
