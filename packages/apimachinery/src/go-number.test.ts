import { expect, test } from 'vitest'
import { formatGoFloat, formatGoNumber } from './go-number.ts'

test.each([
  [0, '0'],
  [100000, '100000'],
  [1000000, '1000000'],
  [-9007199254740991, '-9007199254740991'],
  [1e19, '10000000000000000000'],
  [1e20, '1e+20'],
  [1.5, '1.5'],
  [100000.5, '100000.5'],
  [1234567.5, '1.2345675e+06'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1.5e-7, '1.5e-07'],
])('%d prints as %s', (value, text) => {
  expect(formatGoNumber(value)).toBe(text)
})

test('32 bits have fewer digits', () => {
  expect([1.1, 3.5001, 0.1, 123456789].map((value) => formatGoFloat(value, 32))).toEqual([
    '1.1',
    '3.5001',
    '0.1',
    '1.2345679e+08',
  ])
})
