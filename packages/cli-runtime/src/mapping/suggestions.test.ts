import fc from 'fast-check'
import { expect, test } from 'vitest'
import { didYouMean, editDistance, suggestions } from './suggestions.ts'

test.each([
  ['itemz', ['items', 'configmaps', 'item'], ['item', 'items']],
  ['gte', ['get', 'set', 'delete'], ['get']],
  ['desc', ['delete', 'describe'], ['describe']],
  ['x', ['a', 'b'], []],
  ['', ['a'], []],
])('%s among %j suggests %j', (typed, candidates, expected) => {
  expect(suggestions(typed, candidates)).toEqual(expected)
})

test('the question names one, two or more', () => {
  expect([didYouMean([]), didYouMean(['a']), didYouMean(['a', 'b', 'c'])]).toEqual([
    undefined,
    'Did you mean "a"?',
    'Did you mean "a", "b" or "c"?',
  ])
})

test('the distance is symmetric, zero for equal texts only, and at most the longer length', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      const distance = editDistance(a, b)
      expect(distance).toBe(editDistance(b, a))
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
    }),
  )
})

test('two neighbours that changed places are one edit', () => {
  expect(editDistance('gte', 'get')).toBe(1)
})
