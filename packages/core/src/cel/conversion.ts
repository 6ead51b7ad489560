import { CelDuration, CelTimestamp, CelTypeValue, CelUint, type CelValue } from './cel-value.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { formatDuration, formatFixed, formatTimestamp, parseDuration, parseTimestamp } from './time-format.ts'
import { checkedTimestamp, floorDivide, NANOSECONDS } from './time-range.ts'
import { valueTypeName } from './value-type.ts'

function fail(value: CelValue, to: string): never {
  throw new CelEvaluationError(`type conversion error from '${valueTypeName(value)}' to '${to}'`)
}

const intOverflow = () => new CelEvaluationError('integer overflow')
const uintOverflow = () => new CelEvaluationError('unsigned integer overflow')

/** `int(value)`; doubles lose their fraction, times are seconds since the epoch, durations nanoseconds. */
export function toInt(value: CelValue): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') {
    // The bounds themselves are refused, as cel-go does: they may be rounded.
    if (!(value > -(2 ** 63) && value < 2 ** 63)) throw intOverflow()
    return BigInt(Math.trunc(value))
  }
  if (typeof value === 'string') return parseInteger(value, /^[+-]?\d+$/, BigInt.asIntN) ?? fail(value, 'int')
  if (value instanceof CelUint) {
    if (value.value >= 2n ** 63n) throw intOverflow()
    return value.value
  }
  if (value instanceof CelTimestamp) return floorDivide(value.nanoseconds, NANOSECONDS)
  return value instanceof CelDuration ? value.nanoseconds : fail(value, 'int')
}

export function toUint(value: CelValue): CelUint {
  if (value instanceof CelUint) return value
  if (typeof value === 'number') {
    if (!(value >= 0 && value < 2 ** 64)) throw uintOverflow()
    return new CelUint(BigInt(Math.trunc(value)))
  }
  if (typeof value === 'bigint') {
    if (value < 0n) throw uintOverflow()
    return new CelUint(value)
  }
  if (typeof value !== 'string') return fail(value, 'uint')
  return new CelUint(parseInteger(value, /^\d+$/, BigInt.asUintN) ?? fail(value, 'uint'))
}

function parseInteger(text: string, form: RegExp, wrap: typeof BigInt.asIntN): bigint | undefined {
  if (text.length > 100 || !form.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return wrap(64, value) === value ? value : undefined
}

const DOUBLE = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const INFINITE = /^([+-]?)inf(?:inity)?$/i

export function toDouble(value: CelValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof CelUint) return Number(value.value)
  if (typeof value !== 'string') return fail(value, 'double')
  if (DOUBLE.test(value)) {
    const parsed = Number(value)
    return Number.isFinite(parsed) ? parsed : fail(value, 'double')
  }
  const infinite = INFINITE.exec(value)
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^nan$/i.test(value) ? Number.NaN : fail(value, 'double')
}

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

export function toBool(value: CelValue): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && TRUE.has(value)) return true
  return typeof value === 'string' && FALSE.has(value) ? false : fail(value, 'bool')
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function toText(value: CelValue): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return formatDouble(value)
  }
  if (value instanceof CelUint) return String(value.value)
  if (value instanceof CelTimestamp) return formatTimestamp(value)
  if (value instanceof CelDuration) return formatDuration(value)
  return value instanceof Uint8Array ? decode(value) : fail(value, 'string')
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new CelEvaluationError('invalid UTF-8 in bytes, cannot convert to string')
  }
}

const encoder = new TextEncoder()

export function toBytes(value: CelValue): Uint8Array {
  if (typeof value === 'string') return encoder.encode(value)
  return value instanceof Uint8Array ? value : fail(value, 'bytes')
}

export function toTimestamp(value: CelValue): CelTimestamp {
  if (value instanceof CelTimestamp) return value
  if (typeof value === 'bigint') return checkedTimestamp(value * NANOSECONDS)
  const parsed = typeof value === 'string' ? parseTimestamp(value) : undefined
  return parsed ?? fail(value, 'google.protobuf.Timestamp')
}

export function toDuration(value: CelValue): CelDuration {
  if (value instanceof CelDuration) return value
  const parsed = typeof value === 'string' ? parseDuration(value) : undefined
  return parsed ?? fail(value, 'google.protobuf.Duration')
}

export const toType = (value: CelValue): CelTypeValue => new CelTypeValue(valueTypeName(value))

/** As Go prints a double with `%g`: `1`, `0.5`, `1e+06`, `1e-07`, `+Inf`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  if (power >= -4 && power < 6) return formatFixed(value)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
