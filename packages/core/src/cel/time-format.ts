import type { CelDuration, CelTimestamp } from './cel-value.ts'
import { checkedDuration, checkedTimestamp, floorDivide, NANOSECONDS } from './time-range.ts'

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/

/**
 * Parses a time as Go's `time.Parse(time.RFC3339)` does; digits beyond nanoseconds are dropped. Undefined for any other
 * text.
 *
 * @throws CelEvaluationError for a time out of range
 */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  const match = RFC3339.exec(text)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const [zoneHours, zoneMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)]
  if (zoneHours > 24 || zoneMinutes > 59) return undefined
  const offset = (match[8] === '-' ? -60 : 60) * (zoneHours * 60 + zoneMinutes)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const seconds = BigInt(date.getTime() / 1000 - offset)
  const fraction = BigInt((match[7] ?? '').slice(0, 9).padEnd(9, '0'))
  return checkedTimestamp(seconds * NANOSECONDS + fraction, offset)
}

const daysIn = (year: number, month: number) => {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}

/** As Go's `RFC3339Nano`: without trailing zeros of the fraction, in the offset that the time was written with. */
export function formatTimestamp({ nanoseconds, offsetSeconds }: CelTimestamp): string {
  const seconds = floorDivide(nanoseconds, NANOSECONDS)
  const fraction = (nanoseconds - seconds * NANOSECONDS).toString().padStart(9, '0').replace(/0+$/, '')
  const date = new Date((Number(seconds) + offsetSeconds) * 1000)
  const time = date.toISOString().slice(0, 19)
  return `${time}${fraction && `.${fraction}`}${formatOffset(offsetSeconds)}`
}

function formatOffset(offsetSeconds: number): string {
  if (offsetSeconds === 0) return 'Z'
  const minutes = Math.trunc(Math.abs(offsetSeconds) / 60)
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  return `${offsetSeconds < 0 ? '-' : '+'}${twoDigits(Math.trunc(minutes / 60))}:${twoDigits(minutes % 60)}`
}

/** Longer ones could only have digits that are lost. */
const LONGEST_DURATION = 1000

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: NANOSECONDS,
  m: 60n * NANOSECONDS,
  h: 3_600n * NANOSECONDS,
}

/**
 * Parses a duration as Go's `time.ParseDuration`: `1h30m`, `-1.5s`, `0`. Undefined for any other text and for one that an
 * int64 of nanoseconds does not hold.
 */
export function parseDuration(text: string): CelDuration | undefined {
  if (text.length > LONGEST_DURATION) return undefined
  const match = /^([+-]?)(0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text)
  if (match?.[2] === undefined) return undefined
  let total = 0n
  for (const [, number, unit] of match[2].matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    const [whole, fraction = ''] = number!.split('.')
    const size = UNITS[unit!]!
    total += BigInt(whole || 0) * size
    total += (BigInt(fraction || 0) * size) / 10n ** BigInt(fraction.length)
  }
  const nanoseconds = match[1] === '-' ? -total : total
  return BigInt.asIntN(64, nanoseconds) === nanoseconds ? checkedDuration(nanoseconds) : undefined
}

/** Seconds as a double, as `string(duration)` writes them: `1.5s`. */
export const formatDuration = ({ nanoseconds }: CelDuration): string =>
  `${formatFixed(Number(nanoseconds / NANOSECONDS) + Number(nanoseconds % NANOSECONDS) / 1e9)}s`

/** A double without an exponent, as short as it can be: Go's `FormatFloat(value, 'f', -1, 64)`. */
export function formatFixed(value: number): string {
  const text = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!match) return text
  const digits = `${match[2]}${match[3] ?? ''}`
  const point = Number(match[4]) + 1
  if (point <= 0) return `${match[1]}0.${'0'.repeat(-point)}${digits}`
  return `${match[1]}${digits.padEnd(point, '0')}`
}
