import { expect, test } from 'vitest'
import { append } from './append.ts'

test('more items than a call has arguments are appended', () => {
  const target = [-1]
  append(target, new Array<number>(1_000_000).fill(7))
  expect([target.length, target[0], target.at(-1)]).toEqual([1_000_001, -1, 7])
})
