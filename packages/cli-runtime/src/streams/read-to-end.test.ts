import { expect, test } from 'vitest'
import { readToEnd } from './read-to-end.ts'

test('what comes in parts, with nothing now and then, is put together', () => {
  const parts = ['ab', undefined, 'c', '']
  const read = (chunk: Buffer) => {
    const part = parts.shift()
    return part === undefined ? -1 : chunk.write(part)
  }
  expect(readToEnd('STDIN', read).toString()).toBe('abc')
})

test('what never ends is refused', () => {
  expect(() => readToEnd('/dev/zero', (chunk) => chunk.length)).toThrow(
    '/dev/zero has more than 512 MiB, which is too much for one file: split it into several',
  )
})
