import { expect, test } from 'vitest'
import { base64Error } from './base64.ts'

// Of Go's base64.StdEncoding.
test.each([
  ['%%%', 0],
  ['a', 0],
  ['YQ', 0],
  ['YQ=', 3],
  ['Y Q==', 1],
  ['YQ==x', 4],
  ['=', 0],
  ['==', 0],
  ['Y===', 1],
  ['A=A=', 1],
  ['YWI=\nx', 5],
  ['YQ=\n', 4],
  ['YQ=\nx', 3],
  ['YQ=x', 2],
  ['YW\nJ', 1],
  ['ü', 0],
  ['YQü=', 2],
  ['YWJjü', 4],
  ['YWJjZ', 4],
  ['YWJjZGVm\nZ', 9],
])('%j is wrong at byte %i', (text, at) => {
  expect(base64Error(text)).toBe(`illegal base64 data at input byte ${at}`)
})

test.each(['', 'YWI=', 'YWI=\n', 'Y\nQ=\n=\n', 'YW\r\nJj', 'YR=='])('%j is base64', (text) => {
  expect(base64Error(text)).toBeUndefined()
})
