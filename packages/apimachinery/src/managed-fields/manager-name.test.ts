import { expect, test } from 'vitest'
import { prefixFromUserAgent } from './manager-name.ts'

test('the manager of a request is what its user agent says before the first slash', () => {
  expect(prefixFromUserAgent('kubectl/v1.36.0 (linux/amd64)')).toBe('kubectl')
  expect(prefixFromUserAgent('my tool')).toBe('my tool')
  expect(prefixFromUserAgent('/x')).toBe('')
  expect(prefixFromUserAgent('')).toBe('')
})

test('what cannot be printed is left out', () => {
  expect(prefixFromUserAgent('a\tb\u00a0c\u0000é/1')).toBe('abcé')
})

test('the name is cut where a character would pass 128 bytes', () => {
  expect(prefixFromUserAgent('a'.repeat(200))).toBe('a'.repeat(128))
  expect(prefixFromUserAgent(`${'a'.repeat(127)}é`)).toBe('a'.repeat(127))
})
