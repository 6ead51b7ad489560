import { quote } from './quote.ts'

/** Numbers as Go prints them. */

/** An integer of Go's int64 or uint64 in full, any other number as {@link formatGoFloat}. */
export function formatGoNumber(value: number): string {
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 64) return BigInt(value).toString()
  return formatGoFloat(value)
}

/**
 * The shortest text that reads back as the number, as `strconv.FormatFloat(value, 'g', -1, bits)`: in exponent
 * form below 1e-4 and from 1e6 on. With 32 bits the number is rounded to a float32.
 */
export function formatGoFloat(value: number, bits: 32 | 64 = 64): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', power = ''] = (bits === 32 ? shortestFloat32(value) : value.toExponential()).split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) return String(Number(`${digits}e${power}`))
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function shortestFloat32(value: number): string {
  const rounded = Math.fround(value)
  for (let fraction = 0; fraction < 9; fraction++) {
    const text = rounded.toExponential(fraction)
    if (Math.fround(Number(text)) === rounded) return text
  }
  return rounded.toExponential()
}

const maxInt64 = 2n ** 63n - 1n

/**
 * Whether an integer is changed by being read into a double, of which JavaScript's numbers are. Beyond 64 bits Go reads
 * doubles as well, and writes them with their shortest digits: those are not changed.
 */
export function losesPrecision(integer: bigint): boolean {
  const value = Number(integer)
  if (!Number.isFinite(value)) return true
  if (BigInt(value) === integer) return false
  const isInt64 = integer <= maxInt64 && integer >= -maxInt64 - 1n
  return isInt64 || shortestDigits(value) !== integer
}

/** The integer that the shortest text of a double beyond 64 bits says: 18446744073709552000 for 2^64. */
function shortestDigits(value: number): bigint {
  const [digits = '', exponent] = value.toExponential().split('e')
  const [whole, fraction = ''] = digits.split('.')
  return BigInt(`${whole}${fraction}`) * 10n ** BigInt(Number(exponent) - fraction.length)
}

/** What is wrong with an integer that {@link losesPrecision} is true for, or a number beyond all doubles, in a field. */
export function describeInexactNumber(text: string, path: string): string {
  const place = path === '' ? '' : ` of field ${quote(path)}`
  if (Math.abs(Number(text)) === Number.POSITIVE_INFINITY) {
    return `the number ${text}${place} is too large: numbers go up to ${formatGoFloat(Number.MAX_VALUE)}`
  }
  return `the integer ${text}${place} cannot be kept exactly: integers are exact up to ${Number.MAX_SAFE_INTEGER}, write larger ones as text`
}
