/** The reader of quantities, as `resource.ParseQuantity`. */
import type { QuantityFormat } from './quantity.ts'

/** `unscaled * 10^scale`. */
export interface QuantityParts {
  readonly unscaled: bigint
  readonly scale: number
  readonly format: QuantityFormat
  /** The text itself where Kubernetes prints it again as it was. */
  readonly text?: string
}

const formatMessage =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const numericMessage = 'unable to parse numeric part of quantity'
const suffixMessage = "unable to parse quantity's suffix"

/** What Kubernetes reads: wider than the expression of its message in that the number may lack digits. */
const pattern = /^[+-]?([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/

interface Suffix {
  readonly base: 2 | 10
  readonly exponent: number
  readonly format: QuantityFormat
}

const decimal = (exponent: number): Suffix => ({ base: 10, exponent, format: 'DecimalSI' })
const binary = (exponent: number): Suffix => ({ base: 2, exponent, format: 'BinarySI' })

const suffixes: ReadonlyMap<string, Suffix> = new Map([
  ['n', decimal(-9)],
  ['u', decimal(-6)],
  ['m', decimal(-3)],
  ['', decimal(0)],
  ['k', decimal(3)],
  ['M', decimal(6)],
  ['G', decimal(9)],
  ['T', decimal(12)],
  ['P', decimal(15)],
  ['E', decimal(18)],
  ['Ki', binary(10)],
  ['Mi', binary(20)],
  ['Gi', binary(30)],
  ['Ti', binary(40)],
  ['Pi', binary(50)],
  ['Ei', binary(60)],
])

const maxBinary = 2n ** 63n - 1n

/** The digits before the point without leading zeros, those after it, and what follows. */
interface Scan {
  readonly integer: string
  readonly fraction: string
  readonly suffix: Suffix
}

/** Throws an Error with one of the three messages of Kubernetes. */
export function parseQuantityText(text: string): QuantityParts {
  const match = text === '' ? null : pattern.exec(text)
  if (match === null) throw new Error(formatMessage)
  const [, digits = '', fraction = '', suffixText = ''] = match
  const suffix = interpretSuffix(suffixText)
  const scan: Scan = { integer: digits.replace(/^0+/, '') || '0', fraction, suffix }
  const fits = fitsInt64(scan)
  if (!fits && digits === '' && fraction === '') throw new Error(numericMessage)
  const unscaled = BigInt(scan.integer + fraction) * (text.startsWith('-') ? -1n : 1n)
  const scale = -fraction.length
  if (suffix.base === 2) return withBinarySuffix(unscaled * 2n ** BigInt(suffix.exponent), scale, scan, text)
  return {
    unscaled,
    scale: scale + suffix.exponent,
    format: suffix.format,
    ...((text === '0' || (fits && isKept(scan))) && { text }),
  }
}

function interpretSuffix(text: string): Suffix {
  const known = suffixes.get(text)
  if (known !== undefined) return known
  const exponent = /^[eE][+-]?[0-9]+$/.test(text) ? Number(text.slice(1)) : Number.NaN
  // Go cuts the exponent to 32 bits, which would make another number of a larger one.
  if (!(Math.abs(exponent) < 2 ** 31)) throw new Error(suffixMessage)
  return { base: 10, exponent, format: 'DecimalExponent' }
}

/** Bounded like an int64, and in decimals where it is less than one, which no binary suffix can say. */
function withBinarySuffix(amount: bigint, scale: number, scan: Scan, text: string): QuantityParts {
  const one = 10n ** BigInt(-scale)
  const size = amount < 0n ? -amount : amount
  if (size > maxBinary * one) {
    return { unscaled: amount < 0n ? -maxBinary : maxBinary, scale: 0, format: 'BinarySI' }
  }
  if (size > 0n && size < one) return { unscaled: amount, scale, format: 'DecimalSI' }
  return { unscaled: amount, scale, format: 'BinarySI', ...(fitsInt64(scan) && isKept(scan) && { text }) }
}

/** Whether Kubernetes reads the number on its fast path, the only one on which it keeps texts. */
function fitsInt64({ integer, fraction, suffix }: Scan): boolean {
  if (suffix.base === 2) return fraction === '' && integer.length + (suffix.exponent * 3) / 10 <= 14
  return integer.length + fraction.length <= 18 && suffix.exponent - fraction.length >= -9
}

/**
 * Whether Kubernetes takes the text for canonical. It looks at the last digits only, so that `1.500` stays as it
 * is while `1.5` becomes `1500m`; to print the same, so does this.
 */
function isKept({ integer, fraction, suffix }: Scan): boolean {
  const digits = integer + fraction
  if (suffix.base === 2) return BigInt(digits) % 8n !== 0n
  return (suffix.exponent - fraction.length) % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
}
