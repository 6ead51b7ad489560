/** `value * 10^scale`, the value being an int64. */
export interface Int64Amount {
  readonly value: bigint
  readonly scale: number
}

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const binarySuffixes = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

const form = /^([+-]?)0*(\d*)(?:\.(\d*))?(.*)$/s

/**
 * What a valid quantity is held as if Kubernetes reads it on its fast path: then, and only then, it may be an
 * integer. Undefined for others, even if they are whole: fractions with a binary suffix, and more than 18 digits.
 */
export function readInt64Amount(text: string): Int64Amount | undefined {
  const [, sign, integer, fraction = '', suffix] = form.exec(text) as unknown as [
    string,
    string,
    string,
    string?,
    string?,
  ]
  const digits = (integer || '0') + fraction
  const negate = (value: bigint) => (sign === '-' ? -value : value)
  const power = (binarySuffixes.indexOf(suffix!) + 1) * 10
  if (power > 0) {
    const isShort = fraction === '' && digits.length + (power * 3) / 10 <= 14
    return isShort ? { value: negate(BigInt(digits) << BigInt(power)), scale: 0 } : undefined
  }
  const scale = (decimalExponents[suffix!] ?? Number(suffix!.slice(1))) - fraction.length
  return digits.length <= 18 && scale >= -9 ? { value: negate(BigInt(digits)), scale } : undefined
}

/** Undefined if the sum is none. */
export function addAmounts(a: Int64Amount, b: Int64Amount): Int64Amount | undefined {
  if (b.value === 0n) return a
  if (a.value === 0n) return b
  const scale = Math.min(a.scale, b.scale)
  const left = scaleUp(a.value, a.scale - scale)
  const right = scaleUp(b.value, b.scale - scale)
  if (left === undefined || right === undefined) return undefined
  const value = asInt64(left + right)
  return value === undefined ? undefined : { value, scale }
}

/** Undefined for what has decimals, zeros included: `1.0` is none. */
export function toInt64({ value, scale }: Int64Amount): bigint | undefined {
  return scale < 0 ? undefined : scaleUp(value, scale)
}

function scaleUp(value: bigint, zeros: number): bigint | undefined {
  if (value === 0n) return 0n
  return zeros > 18 ? undefined : asInt64(value * 10n ** BigInt(zeros))
}

function asInt64(value: bigint): bigint | undefined {
  return BigInt.asIntN(64, value) === value ? value : undefined
}
