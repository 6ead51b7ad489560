import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SortedMap } from './sorted-map.ts'

test('it holds what a sorted array would', () => {
  const key = fc.nat(2000).map((number) => String(number).padStart(4, '0'))
  const change = fc.tuple(key, fc.option(fc.nat(), { nil: undefined }))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 3000, size: 'max' }), key, key, (changes, gte, lt) => {
      const [map, model] = [new SortedMap<number>(), new Map<string, number>()]
      for (const [key, value] of changes) {
        if (value === undefined) {
          map.delete(key)
          model.delete(key)
        } else {
          map.set(key, value)
          model.set(key, value)
        }
      }
      const expected = [...model]
        .filter(([key]) => key >= gte && key < lt)
        .sort(([a], [b]) => (a < b ? -1 : 1))
      expect([...map.range(gte, lt)]).toEqual(expected)
      expect([...map.rangeReverse(gte, lt)]).toEqual(expected.reverse())
      expect(map.get(gte)).toBe(model.get(gte))
    }),
    { numRuns: 50 },
  )
})
