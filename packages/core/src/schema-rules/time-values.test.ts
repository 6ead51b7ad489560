import { expect, it } from 'vitest'
import { parseDate, parseDateTime, parseDuration } from './time-values.ts'

const nanoseconds = (milliseconds: number) => BigInt(milliseconds) * 1_000_000n

it.each([
  ['2020-02-29', nanoseconds(Date.UTC(2020, 1, 29))],
  ['0001-01-01', nanoseconds(new Date('0001-01-01T00:00:00Z').getTime())],
  ['2021-02-29', undefined],
  ['2021-2-9', undefined],
])('%s is a day or none', (text, start) => {
  expect(parseDate(text)).toBe(start)
})

it.each([
  ['2020-01-01T00:00:00Z', nanoseconds(Date.UTC(2020, 0, 1))],
  ['2020-01-01T01:30:00.000000001+01:30', nanoseconds(Date.UTC(2020, 0, 1)) + 1n],
  ['2019-12-31T23:00:00-01:00', nanoseconds(Date.UTC(2020, 0, 1))],
  ['2020-01-01T00:00:00', nanoseconds(Date.UTC(2020, 0, 1))],
  ['', 0n],
  ['2020-01-01T24:00:00Z', undefined],
  ['2020-01-01t00:00:00z', undefined],
])('%s is a time or none', (text, time) => {
  expect(parseDateTime(text)?.nanoseconds).toBe(time)
})

it.each([
  ['1h30m', 5_400_000_000_000n],
  ['-1.5s', -1_500_000_000n],
  ['0', 0n],
  ['.5us', 500n],
  ['1h 30 min', 5_400_000_000_000n],
  ['2 weeks', 1_209_600_000_000_000n],
  ['a while', undefined],
])('%s is a duration or none', (text, duration) => {
  expect(parseDuration(text)).toBe(duration)
})
