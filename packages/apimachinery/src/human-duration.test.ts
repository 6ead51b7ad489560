import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, humanDuration, parseDuration, shortHumanDuration } from './human-duration.ts'

test.each([
  ['-2s', '<invalid>', '<invalid>'],
  ['-1s', '0s', '0s'],
  ['-0.5s', '0s', '0s'],
  ['1.9s', '1s', '1s'],
  ['119s', '119s', '1m'],
  ['2m', '2m', '2m'],
  ['2m1s', '2m1s', '2m'],
  ['9m59s', '9m59s', '9m'],
  ['10m59s', '10m', '10m'],
  ['179m59s', '179m', '2h'],
  ['3h', '3h', '3h'],
  ['7h59m', '7h59m', '7h'],
  ['8h30m', '8h', '8h'],
  ['47h59m', '47h', '1d'],
  ['48h', '2d', '2d'],
  ['191h', '7d23h', '7d'],
  ['192h', '8d', '8d'],
  ['17519h', '729d', '1y'],
  ['17520h', '2y', '2y'],
  ['17544h', '2y1d', '2y'],
  ['70079h', '7y364d', '7y'],
  ['70104h', '8y', '8y'],
])('%s is %s, in short %s', (text, long, short) => {
  expect(humanDuration(parseDuration(text))).toBe(long)
  expect(shortHumanDuration(parseDuration(text))).toBe(short)
})

describe('Go durations', () => {
  test.each([
    ['1h30m', 5_400_000, '1h30m0s'],
    ['90s', 90_000, '1m30s'],
    ['0', 0, '0s'],
    ['1.5s', 1500, '1.5s'],
    ['-300ms', -300, '-300ms'],
    ['.5s', 500, '500ms'],
    ['1.s', 1000, '1s'],
    ['+5m', 300_000, '5m0s'],
    ['1us', 0.001, '1µs'],
    ['1.25ms', 1.25, '1.25ms'],
    ['1h0m0.000000001s', 3_600_000.000001, '1h0m0.000000001s'],
  ])('%s is %d ms and prints as %s', (text, milliseconds, printed) => {
    expect(parseDuration(text)).toBe(milliseconds)
    expect(formatDuration(milliseconds)).toBe(printed)
  })

  test.each([
    ['', 'time: invalid duration ""'],
    ['x', 'time: invalid duration "x"'],
    ['.s', 'time: invalid duration ".s"'],
    ['1', 'time: missing unit in duration "1"'],
    ['1h1', 'time: missing unit in duration "1h1"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1h 2m', 'time: unknown unit "h " in duration "1h 2m"'],
    ['1toString', 'time: unknown unit "toString" in duration "1toString"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseDuration(text)).toThrow(message)
  })

  test('what is printed reads back the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 49), max: 2 ** 49 }), (nanoseconds) => {
        expect(parseDuration(formatDuration(nanoseconds / 1e6))).toBe(nanoseconds / 1e6 + 0)
      }),
    )
  })
})
