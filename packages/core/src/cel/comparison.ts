import { CelDuration, CelTimestamp, CelUint, type CelValue } from './cel-value.ts'
import { CelEvaluationError, noSuchOverload } from './evaluation-error.ts'
import { unsupportedOperand } from './unsupported-operand.ts'

type CelNumber = bigint | number | CelUint

export const isNumber = (value: CelValue): value is CelNumber =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof CelUint

const plain = (value: CelNumber) => (value instanceof CelUint ? value.value : value)

/** Negative, zero or positive; NaN where one of them is. Between integers and doubles, doubles are compared. */
export function compareNumbers(a: CelNumber, b: CelNumber): number {
  const [left, right] = [plain(a), plain(b)]
  if (typeof left === typeof right)
    return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN
  return typeof left === 'number'
    ? compareToInteger(left, right as bigint)
    : -compareToInteger(right as number, left)
}

function compareToInteger(double: number, integer: bigint): number {
  const other = Number(integer)
  return double < other ? -1 : double > other ? 1 : double === other ? 0 : Number.NaN
}

/**
 * The order of two values as `<` and its siblings see it: negative, zero or positive.
 *
 * @throws CelEvaluationError for values that have no order
 */
export function compareValues(a: CelValue, b: CelValue, operator?: string): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0
  if (isNumber(a)) {
    if (!isNumber(b)) throw noSuchOverload()
    const order = compareNumbers(a, b)
    if (Number.isNaN(order)) throw new CelEvaluationError('NaN values cannot be ordered')
    return order
  }
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  if (a instanceof CelTimestamp && b instanceof CelTimestamp)
    return compareNumbers(a.nanoseconds, b.nanoseconds)
  if (a instanceof CelDuration && b instanceof CelDuration)
    return compareNumbers(a.nanoseconds, b.nanoseconds)
  throw operator === undefined ? noSuchOverload() : unsupportedOperand(operator, a, ORDERED)
}

const ORDERED: ReadonlySet<string> = new Set(['bool', 'bytes', 'int', 'uint', 'double'])

/** By code points, which is the order of UTF-8 bytes; JavaScript's `<` goes by UTF-16 units. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  let index = 0
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index++
  if (index === length) return a.length - b.length
  return codePointRank(a.charCodeAt(index)) - codePointRank(b.charCodeAt(index))
}

/** Surrogates are units of code points beyond those of all other units. */
const codePointRank = (unit: number) => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)
