import { expect, test } from 'vitest'
import { timeError } from './go-time.ts'

/** Texts with what `UnmarshalJSON` of `metav1.Time` and of `metav1.MicroTime` says of them. */
const texts: readonly (readonly [text: string, time: string, microTime: string])[] = [
  [
    '2023-02-29T10:20:30Z',
    'parsing time "2023-02-29T10:20:30Z": day out of range',
    'parsing time "2023-02-29T10:20:30Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [
    '2024-00-01T00:00:00Z',
    'parsing time "2024-00-01T00:00:00Z": month out of range',
    'parsing time "2024-00-01T00:00:00Z": month out of range',
  ],
  [
    '2024-01-00T09:00:00Z',
    'parsing time "2024-01-00T09:00:00Z": day out of range',
    'parsing time "2024-01-00T09:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [
    '2024-01-01',
    'parsing time "2024-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"',
    'parsing time "2024-01-01" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "" as "T"',
  ],
  [
    '2024-01-01 09:00:00Z',
    'parsing time "2024-01-01 09:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse " 09:00:00Z" as "T"',
    'parsing time "2024-01-01 09:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse " 09:00:00Z" as "T"',
  ],
  [
    '2024-01-01T09:00:00',
    'parsing time "2024-01-01T09:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
    'parsing time "2024-01-01T09:00:00" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00+0100',
    'parsing time "2024-01-01T09:00:00+0100" as "2006-01-02T15:04:05Z07:00": cannot parse "+0100" as "Z07:00"',
    'parsing time "2024-01-01T09:00:00+0100" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "+0100" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00+01:00',
    '',
    'parsing time "2024-01-01T09:00:00+01:00" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "+01:00" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00+1:00',
    'parsing time "2024-01-01T09:00:00+1:00" as "2006-01-02T15:04:05Z07:00": cannot parse "+1:00" as "Z07:00"',
    'parsing time "2024-01-01T09:00:00+1:00" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "+1:00" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00+24:61',
    'parsing time "2024-01-01T09:00:00+24:61": time zone offset minute out of range',
    'parsing time "2024-01-01T09:00:00+24:61" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "+24:61" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00+25:00',
    'parsing time "2024-01-01T09:00:00+25:00": time zone offset hour out of range',
    'parsing time "2024-01-01T09:00:00+25:00" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "+25:00" as ".000000"',
  ],
  ['2024-01-01T09:00:00,123456Z', '', ''],
  ['2024-01-01T09:00:00.123456+02:30', '', ''],
  [
    '2024-01-01T09:00:00.1234567Z',
    '',
    'parsing time "2024-01-01T09:00:00.1234567Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "7Z" as "Z07:00"',
  ],
  ['2024-01-01T09:00:00.123456Z', '', ''],
  [
    '2024-01-01T09:00:00.12345Z',
    '',
    'parsing time "2024-01-01T09:00:00.12345Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".12345Z" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00.5Z',
    '',
    'parsing time "2024-01-01T09:00:00.5Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".5Z" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00.Z',
    'parsing time "2024-01-01T09:00:00.Z" as "2006-01-02T15:04:05Z07:00": cannot parse ".Z" as "Z07:00"',
    'parsing time "2024-01-01T09:00:00.Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".Z" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00Zx',
    'parsing time "2024-01-01T09:00:00Zx": extra text: "x"',
    'parsing time "2024-01-01T09:00:00Zx" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Zx" as ".000000"',
  ],
  [
    '2024-01-01T09:00:00z',
    'parsing time "2024-01-01T09:00:00z" as "2006-01-02T15:04:05Z07:00": cannot parse "z" as "Z07:00"',
    'parsing time "2024-01-01T09:00:00z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "z" as ".000000"',
  ],
  [
    '2024-01-01T09:00:60Z',
    'parsing time "2024-01-01T09:00:60Z": second out of range',
    'parsing time "2024-01-01T09:00:60Z": second out of range',
  ],
  [
    '2024-01-01T09:0:00Z',
    'parsing time "2024-01-01T09:0:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "0:00Z" as "04"',
    'parsing time "2024-01-01T09:0:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "0:00Z" as "04"',
  ],
  [
    '2024-01-01T09:60:00Z',
    'parsing time "2024-01-01T09:60:00Z": minute out of range',
    'parsing time "2024-01-01T09:60:00Z": minute out of range',
  ],
  [
    '2024-01-01T24:00:00Z',
    'parsing time "2024-01-01T24:00:00Z": hour out of range',
    'parsing time "2024-01-01T24:00:00Z": hour out of range',
  ],
  [
    '2024-01-01T9:00:00Z',
    '',
    'parsing time "2024-01-01T9:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [
    '2024-01-01t09:00:00Z',
    'parsing time "2024-01-01t09:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "t09:00:00Z" as "T"',
    'parsing time "2024-01-01t09:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "t09:00:00Z" as "T"',
  ],
  [
    '2024-01-31T10:20:30Z',
    '',
    'parsing time "2024-01-31T10:20:30Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [
    '2024-02-29T10:20:30Z',
    '',
    'parsing time "2024-02-29T10:20:30Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [
    '2024-02-30T10:20:30Z',
    'parsing time "2024-02-30T10:20:30Z": day out of range',
    'parsing time "2024-02-30T10:20:30Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  [
    '2024-04-31T09:00:00.123456Z',
    'parsing time "2024-04-31T09:00:00.123456Z": day out of range',
    'parsing time "2024-04-31T09:00:00.123456Z": day out of range',
  ],
  [
    '2024-1-01T00:00:00Z',
    'parsing time "2024-1-01T00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "1-01T00:00:00Z" as "01"',
    'parsing time "2024-1-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "1-01T00:00:00Z" as "01"',
  ],
  [
    '2024-13-01T00:00:00Z',
    'parsing time "2024-13-01T00:00:00Z": month out of range',
    'parsing time "2024-13-01T00:00:00Z": month out of range',
  ],
  [
    '24-01-01T00:00:00Z',
    'parsing time "24-01-01T00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "24-01-01T00:00:00Z" as "2006"',
    'parsing time "24-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "24-01-01T00:00:00Z" as "2006"',
  ],
  [
    'yesterday',
    'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    'parsing time "yesterday" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "yesterday" as "2006"',
  ],
]

test.each(texts)('%s is read as Go reads it', (text, time, microTime) => {
  expect(timeError(text, 'time') ?? '').toBe(time)
  expect(timeError(text, 'microTime') ?? '').toBe(microTime)
})
