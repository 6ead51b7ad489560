import type { CelTimestamp } from './cel-value.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { floorDivide, NANOSECONDS } from './time-range.ts'

/** The calendar of a time in a zone: a Date whose UTC fields are those of the zone. */
export function localDate(timestamp: CelTimestamp, zone?: string): Date {
  const milliseconds = Number(floorDivide(timestamp.nanoseconds, 1_000_000n))
  const date = new Date(milliseconds)
  return zone === undefined ? date : new Date(milliseconds + zoneOffset(date, zone) * 1000)
}

/** The day of the year, from zero. */
export function dayOfYear(date: Date): number {
  const first = new Date(0)
  first.setUTCFullYear(date.getUTCFullYear(), 0, 1)
  return Math.floor((date.getTime() - first.getTime()) / 86_400_000)
}

export const millisecondsOf = ({ nanoseconds }: CelTimestamp): bigint =>
  (nanoseconds - floorDivide(nanoseconds, NANOSECONDS) * NANOSECONDS) / 1_000_000n

/** Seconds east of UTC of an IANA zone or of an offset such as `-08:00`. */
function zoneOffset(date: Date, zone: string): number {
  const colon = zone.indexOf(':')
  return colon < 0 ? namedOffset(date, zone) : fixedOffset(zone, colon)
}

function fixedOffset(zone: string, colon: number): number {
  const hours = parseDecimal(zone.slice(0, colon))
  const minutes = parseDecimal(zone.slice(colon + 1))
  return 60 * (zone.startsWith('-') ? hours * 60 - minutes : hours * 60 + minutes)
}

function parseDecimal(text: string): number {
  if (/^[+-]?\d{1,9}$/.test(text)) return Number(text)
  throw new CelEvaluationError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function namedOffset(date: Date, zone: string): number {
  if (zone === '' || zone === 'UTC') return 0
  const parts = zoneFormat(zone).formatToParts(date)
  const text = (wanted: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === wanted)?.value
  const field = (wanted: Intl.DateTimeFormatPartTypes) => Number(text(wanted))
  const local = new Date(0)
  const year = text('era') === 'BC' ? 1 - field('year') : field('year')
  local.setUTCFullYear(year, field('month') - 1, field('day'))
  local.setUTCHours(field('hour'), field('minute'), field('second'))
  return Math.round(local.getTime() / 1000) - Math.floor(date.getTime() / 1000)
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
    return format
  } catch {
    throw new CelEvaluationError(`unknown time zone ${zone}`)
  }
}
