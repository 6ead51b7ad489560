import { expect, test } from 'vitest'
import { warningHeaders } from './warning-headers.ts'

test('a warning is quoted, and told once', () => {
  expect(warningHeaders(['unknown field "a\\b"', 'x', 'x', ''])).toEqual([
    '299 - "unknown field \\"a\\\\b\\""',
    '299 - "x"',
  ])
})

test('text is written as UTF-8, without what would end the header', () => {
  const [header] = warningHeaders(['é\r\nSet-Cookie: a'])
  expect(Buffer.from(header!, 'latin1').toString()).toBe('299 - "é  Set-Cookie: a"')
})

test('many long warnings are cut, and end', () => {
  const headers = warningHeaders(Array.from({ length: 50 }, (_, index) => `${index} ${'x'.repeat(1000)}`))
  expect(headers).toHaveLength(16)
  expect(headers[0]).toHaveLength('299 - ""'.length + 256)
})
