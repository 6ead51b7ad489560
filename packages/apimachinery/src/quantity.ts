/** Quantities such as `500m`, `1.5Gi` and `12e6`, as in `k8s.io/apimachinery/pkg/api/resource`. */
import { parseQuantityText } from './quantity-parser.ts'

/** How a quantity is written: `12M`, `12Mi` or `12e6`. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

const nano = -9
const milli = -3
const exa = 18

const decimalSuffixes: ReadonlyMap<number, string> = new Map([
  [nano, 'n'],
  [-6, 'u'],
  [milli, 'm'],
  [0, ''],
  [3, 'k'],
  [6, 'M'],
  [9, 'G'],
  [12, 'T'],
  [15, 'P'],
  [exa, 'E'],
])
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** `1e1000000000` is short to write; what is computed with it must not be a billion digits long. */
const maxZeros = 10_000

/**
 * An exact decimal number of at least a billionth (`n`), with the format that it is written in. Immutable; in JSON
 * it is its canonical text. Made by {@link parseQuantity} and {@link newQuantity}.
 */
export class Quantity {
  readonly format: QuantityFormat
  /** The number is `unscaled * 10^scale`, with `unscaled` no multiple of ten. */
  readonly #unscaled: bigint
  readonly #scale: number
  #text: string | undefined

  /**
   * The number `unscaled * 10^scale`, rounded away from zero to a billionth. `text` is what `toString` returns, if
   * that is known. Throws a RangeError for a scale that only an exponent can write.
   */
  constructor(unscaled: bigint, scale: number, format: QuantityFormat, text?: string) {
    if (scale > maxZeros && format !== 'DecimalExponent') {
      throw new RangeError(`a quantity of scale ${scale} must have the format DecimalExponent, not ${format}`)
    }
    const rounded = scale < nano ? atScale(unscaled, scale, nano) : unscaled
    const zeros = unscaled === 0n ? 0 : trailingZeros(String(rounded))
    this.#unscaled = zeros === 0 ? rounded : rounded / 10n ** BigInt(zeros)
    this.#scale = unscaled === 0n ? 0 : Math.max(scale, nano) + zeros
    this.format = format
    this.#text = text
  }

  /** -1, 0 or 1. */
  get sign(): -1 | 0 | 1 {
    return this.#unscaled === 0n ? 0 : this.#unscaled < 0n ? -1 : 1
  }

  /** -1 if this is less than the other number, 0 if they are equal, else 1; in whatever formats. */
  compare(other: Quantity): -1 | 0 | 1 {
    const order = this.sign - other.sign || this.sign * (this.#magnitude - other.#magnitude)
    if (order !== 0) return order < 0 ? -1 : 1
    const [left, right] = this.#align(other)
    return left === right ? 0 : left < right ? -1 : 1
  }

  equals(other: Quantity): boolean {
    return this.compare(other) === 0
  }

  /**
   * The exact sum, in the format of this quantity, or of the other if this is zero. Throws a RangeError for numbers
   * more than ten thousand digits apart.
   */
  add(other: Quantity): Quantity {
    this.#refuseFarApart(other)
    const [left, right, scale] = this.#align(other)
    return new Quantity(left + right, scale, this.sign === 0 ? other.format : this.format)
  }

  /** The exact difference; format and errors as those of {@link add}. */
  sub(other: Quantity): Quantity {
    return this.sign === 0 ? other.neg() : this.add(other.neg())
  }

  neg(): Quantity {
    return new Quantity(-this.#unscaled, this.#scale, this.format)
  }

  /** In units of `10^scale`, rounded away from zero: `0.1m` is 1 at scale 0. Throws a RangeError if it is huge. */
  scaledValue(scale: number): bigint {
    if (this.#scale - scale > maxZeros) throw new RangeError(`quantity ${this} is too large for an integer`)
    return atScale(this.#unscaled, this.#scale, scale)
  }

  /** The integer, rounded away from zero: `1500m` is 2. */
  value(): bigint {
    return this.scaledValue(0)
  }

  /** Thousandths, rounded away from zero, as CPU is counted: `1.5` is 1500. */
  milliValue(): bigint {
    return this.scaledValue(milli)
  }

  /** The nearest double; infinite for what is larger than any. */
  asNumber(): number {
    return Number(`${this.#unscaled}e${this.#scale}`)
  }

  /** The canonical text: without fraction or loss, with the largest suffix that allows for it: `1.5` is `1500m`. */
  toString(): string {
    this.#text ??= this.#write()
    return this.#text
  }

  toJSON(): string {
    return this.toString()
  }

  #write(): string {
    if (this.#unscaled === 0n) return '0'
    if (this.format === 'DecimalExponent') return this.#writeDecimal(Number.POSITIVE_INFINITY)
    // Binary suffixes are for integers, and below the first of them decimals say the same.
    const isBinary = this.format === 'BinarySI' && this.#scale >= 0
    const value = isBinary ? atScale(this.#unscaled, this.#scale, 0) : 0n
    return value <= -1024n || value >= 1024n ? writeBinary(value) : this.#writeDecimal(exa)
  }

  /** With an exponent that is a multiple of three, and for the sake of suffixes at most `max`. */
  #writeDecimal(max: number): string {
    const exponent = Math.min(Math.floor(this.#scale / 3) * 3, max)
    const digits = `${this.#unscaled}${'0'.repeat(this.#scale - exponent)}`
    if (this.format !== 'DecimalExponent') return `${digits}${decimalSuffixes.get(exponent)}`
    return exponent === 0 ? digits : `${digits}e${exponent}`
  }

  /** The place of the first digit. */
  get #magnitude(): number {
    return String(this.#unscaled).length + this.#scale
  }

  #refuseFarApart(other: Quantity): void {
    if (this.sign === 0 || other.sign === 0) return
    if (Math.abs(this.#scale - other.#scale) <= maxZeros) return
    throw new RangeError(`quantities ${this} and ${other} are too far apart to be added`)
  }

  /** Both numbers at the scale that is enough for both. */
  #align(other: Quantity): [bigint, bigint, number] {
    if (this.#unscaled === 0n) return [0n, other.#unscaled, other.#scale]
    if (other.#unscaled === 0n) return [this.#unscaled, 0n, this.#scale]
    const scale = Math.min(this.#scale, other.#scale)
    return [atScale(this.#unscaled, this.#scale, scale), atScale(other.#unscaled, other.#scale, scale), scale]
  }
}

/** `unscaled * 10^from` in units of `10^to`, rounded away from zero. */
function atScale(unscaled: bigint, from: number, to: number): bigint {
  if (from >= to) return unscaled * 10n ** BigInt(from - to)
  if (unscaled === 0n) return 0n
  const unit = unscaled < 0n ? -1n : 1n
  // Less than one unit: the power of ten below could be of any size.
  if (String(unscaled).length + from < to) return unit
  const divisor = 10n ** BigInt(to - from)
  return unscaled / divisor + (unscaled % divisor === 0n ? 0n : unit)
}

/** A loop, since a regular expression would start anew at each zero of a number of millions. */
function trailingZeros(digits: string): number {
  let end = digits.length
  while (digits[end - 1] === '0') end--
  return digits.length - end
}

function writeBinary(value: bigint): string {
  let amount = value
  let exponent = 0
  while (exponent < binarySuffixes.length - 1 && amount % 1024n === 0n) {
    amount /= 1024n
    exponent++
  }
  return `${amount}${binarySuffixes[exponent]}`
}

/**
 * Parses a signed number with a suffix: `n u m k M G T P E`, `Ki Mi Gi Ti Pi Ei`, or an exponent as in `12e6`. Rounds
 * away from zero to a billionth, and with a binary suffix bounds to 2^63-1. Throws an Error with Kubernetes' message:
 * `quantities must match the regular expression …` or `unable to parse quantity's suffix`.
 */
export function parseQuantity(text: string): Quantity {
  const { unscaled, scale, format, text: kept } = parseQuantityText(text)
  return new Quantity(unscaled, scale, format, kept)
}

/** The integer `value`, or with a scale `value * 10^scale`. */
export function newQuantity(
  value: bigint | number,
  format: QuantityFormat = 'DecimalSI',
  scale = 0,
): Quantity {
  return new Quantity(BigInt(value), scale, format)
}
