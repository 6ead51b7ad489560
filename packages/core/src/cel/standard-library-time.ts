import { durationType, intType, stringType, timestampType } from './cel-type.ts'
import { CelDuration, CelTimestamp, type CelValue } from './cel-value.ts'
import type { CelFunction, CelOverload } from './environment.ts'
import { noSuchOverload } from './evaluation-error.ts'
import { dayOfYear, localDate, millisecondsOf } from './time-fields.ts'

/** What it takes to find the offset of a zone, in steps of a budget's work. */
const ZONE_WORK = 100

/** A field of a time, in UTC or in a zone that is given, and for some also of a duration. */
function timeField(
  name: string,
  ids: { readonly utc: string; readonly zone: string; readonly duration?: string },
  ofDate: (date: Date, timestamp: CelTimestamp) => number | bigint,
  ofDuration?: (nanoseconds: bigint) => bigint,
): CelFunction {
  const overloads: CelOverload[] = [
    { id: ids.utc, receiver: true, params: [timestampType], result: intType },
    {
      id: ids.zone,
      receiver: true,
      params: [timestampType, stringType],
      result: intType,
      work: () => ZONE_WORK,
    },
  ]
  if (ids.duration)
    overloads.push({ id: ids.duration, receiver: true, params: [durationType], result: intType })
  return {
    name,
    overloads,
    call(value, zone?: CelValue) {
      if (value instanceof CelTimestamp && (zone === undefined || typeof zone === 'string')) {
        return BigInt(ofDate(localDate(value, zone), value))
      }
      if (value instanceof CelDuration && ofDuration) return ofDuration(value.nanoseconds)
      throw noSuchOverload()
    },
  }
}

const field = (
  name: string,
  id: string,
  ofDate: (date: Date, timestamp: CelTimestamp) => number | bigint,
): CelFunction => timeField(name, { utc: `timestamp_to_${id}`, zone: `timestamp_to_${id}_with_tz` }, ofDate)

/** Fields that durations have too, in whole units. */
const durationField = (
  name: string,
  id: string,
  zoneId: string,
  unit: bigint,
  ofDate: (date: Date, timestamp: CelTimestamp) => number | bigint,
): CelFunction =>
  timeField(
    name,
    { utc: `timestamp_to_${id}`, zone: zoneId, duration: `duration_to_${id}` },
    ofDate,
    (nanoseconds) => nanoseconds / unit,
  )

/** Fields of times, of which months and days count from zero as in JavaScript, and whole units of durations. */
export const standardTimeFunctions: readonly CelFunction[] = [
  field('getFullYear', 'year', (date) => date.getUTCFullYear()),
  field('getMonth', 'month', (date) => date.getUTCMonth()),
  field('getDayOfYear', 'day_of_year', dayOfYear),
  field('getDayOfMonth', 'day_of_month', (date) => date.getUTCDate() - 1),
  field('getDate', 'day_of_month_1_based', (date) => date.getUTCDate()),
  field('getDayOfWeek', 'day_of_week', (date) => date.getUTCDay()),
  durationField('getHours', 'hours', 'timestamp_to_hours_with_tz', 3_600_000_000_000n, (date) =>
    date.getUTCHours(),
  ),
  durationField('getMinutes', 'minutes', 'timestamp_to_minutes_with_tz', 60_000_000_000n, (date) =>
    date.getUTCMinutes(),
  ),
  durationField('getSeconds', 'seconds', 'timestamp_to_seconds_tz', 1_000_000_000n, (date) =>
    date.getUTCSeconds(),
  ),
  durationField(
    'getMilliseconds',
    'milliseconds',
    'timestamp_to_milliseconds_with_tz',
    1_000_000n,
    (_, timestamp) => millisecondsOf(timestamp),
  ),
]
