import { FormatError } from './format-string.ts'

// Doubles as Go prints them. They are rounded from their exact value, ties to even, which JavaScript does not do.

const defaultPrecision = 6

/** `%.2f` in American English: `1,234.50`, `∞`. Go's printer keeps the lowest eight bits of the precision. */
export function formatLocalized(value: number, precision = defaultPrecision): string {
  const special = formatSpecial(value)
  if (special !== undefined) return special
  const [integer, fraction] = formatFixed(Math.abs(value), precision % 256).split('.')
  const grouped = integer!.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}

const widest = 1_000_000

/** `%e` in American English: `1.234500×10⁰³`. cel-go takes the precision for the least width of the text. */
export function formatScientific(value: number, width = defaultPrecision): string {
  if (width > widest) throw new FormatError(`precision ${width} exceeds maximum allowed precision ${widest}`)
  return (formatSpecial(value) ?? scientific(value)).padStart(width)
}

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? undefined : value > 0 ? '∞' : '-∞'
}

function scientific(value: number): string {
  const [mantissa, exponent] = toExponential(Math.abs(value), defaultPrecision).split('e')
  const digits = exponent!.slice(1).padStart(2, '0')
  const superscript = [...digits].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')
  return `${value < 0 ? '-' : ''}${mantissa}×10${exponent!.startsWith('-') ? '⁻' : ''}${superscript}`
}

function toExponential(value: number, precision: number): string {
  const rounded = value.toExponential(precision)
  const [exact, exponent] = value.toExponential(100).split('e')
  const kept = exact!.slice(0, precision + 2)
  const isTie = /^50*$/.test(exact!.slice(precision + 2))
  return isTie && Number(kept.at(-1)) % 2 === 0 ? `${kept}e${exponent}` : rounded
}

/** `%.2f` without grouping, of a finite number. */
export function formatFixed(value: number, precision: number): string {
  const { significand, exponent } = decompose(Math.abs(value))
  const scaled = significand * 10n ** BigInt(precision)
  const rounded = exponent >= 0 ? scaled << BigInt(exponent) : shiftRight(scaled, BigInt(-exponent))
  const digits = rounded.toString().padStart(precision + 1, '0')
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (precision === 0) return sign + digits
  return `${sign}${digits.slice(0, -precision)}.${digits.slice(-precision)}`
}

/** Rounded to the nearest, ties to even. */
function shiftRight(value: bigint, bits: bigint): bigint {
  const quotient = value >> bits
  const twice = (value - (quotient << bits)) << 1n
  const unit = 1n << bits
  return twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient
}

/** A number that is not negative, as `significand * 2^exponent`. */
function decompose(value: number): { significand: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const fraction = bits & ((1n << 52n) - 1n)
  const biased = Number(bits >> 52n)
  if (biased === 0) return { significand: fraction, exponent: -1074 }
  return { significand: fraction | (1n << 52n), exponent: biased - 1075 }
}
