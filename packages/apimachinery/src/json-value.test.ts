import { expect, test } from 'vitest'
import { copyJson, equalJson } from './json-value.ts'

test('a copy keeps a key named __proto__ as data', () => {
  const copy = copyJson(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>
  expect(Object.keys(copy)).toEqual(['__proto__'])
  expect(copy.polluted).toBeUndefined()
})

test('equality ignores the order of keys and fields that are undefined', () => {
  expect(equalJson({ a: 1, b: [{ c: null }], d: undefined }, { b: [{ c: null }], a: 1 })).toBe(true)
  expect(equalJson({ a: 1 }, { a: 1, b: 2 })).toBe(false)
  expect(equalJson([], {})).toBe(false)
  expect(equalJson({}, [])).toBe(false)
  expect(equalJson(JSON.parse('{"__proto__": 1}'), { x: 1 })).toBe(false)
  expect(equalJson({ toString: 1 }, {})).toBe(false)
})
