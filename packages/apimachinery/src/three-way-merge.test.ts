import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from './json-value.ts'
import { applyMergePatch } from './merge-patch.ts'
import { createThreeWayMergePatch, MergePreconditionError } from './three-way-merge.ts'

describe('createThreeWayMergePatch', () => {
  test('takes back what the last apply set and keeps what others set', () => {
    const patch = createThreeWayMergePatch(
      { spec: { a: 1, b: 2 } },
      { spec: { a: 3 } },
      { spec: { a: 1, b: 2, other: 4 }, status: { ready: true } },
    )
    expect(patch).toEqual({ spec: { a: 3, b: null } })
  })

  test('is empty when nothing is to be done', () => {
    const object = { spec: { a: 1, list: [1, { x: null }] } }
    expect(createThreeWayMergePatch(object, object, { ...object, status: {} })).toEqual({})
  })

  test('without an original removes nothing', () => {
    expect(createThreeWayMergePatch(undefined, { a: 1 }, { a: 1, b: 2 })).toEqual({})
  })

  test('replaces lists as a whole', () => {
    const patch = createThreeWayMergePatch({ l: [1] }, { l: [1, 2] }, { l: [1, 3] })
    expect(patch).toEqual({ l: [1, 2] })
  })

  test('sets an empty object that is absent', () => {
    expect(createThreeWayMergePatch(undefined, { a: {} }, {})).toEqual({ a: {} })
  })

  test.each([[{ apiVersion: 'v2' }], [{ kind: 'B' }], [{ metadata: { name: 'y' } }]])(
    'refuses a changed identity: %j',
    (change) => {
      const current = { apiVersion: 'v1', kind: 'A', metadata: { name: 'x' } }
      expect(() => createThreeWayMergePatch(current, { ...current, ...change }, current)).toThrow(
        MergePreconditionError,
      )
      expect(() => createThreeWayMergePatch(current, { ...current, ...change }, current)).toThrow(
        'At least one of apiVersion, kind and name was changed',
      )
    },
  )
})

const key = fc.constantFrom('a', 'b', 'c', 'd')
const { document } = fc.letrec<{ value: unknown; document: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, 'x', false),
    fc.array(fc.constantFrom(0, 1), { maxLength: 2 }),
    tie('document'),
  ),
  document: fc.dictionary(key, tie('value'), { noNullPrototype: true }),
}))

/** Whether all that `wanted` says holds in `actual`. */
function contains(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    return JSON.stringify(actual) === JSON.stringify(wanted)
  }
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false
  return Object.entries(wanted).every(([field, value]) => contains((actual as JsonObject)[field], value))
}

test('applied to the current object the patch reaches what the modified one says', () => {
  fc.assert(
    fc.property(document, document, document, (original, modified, current) => {
      const result = applyMergePatch(current, createThreeWayMergePatch(original, modified, current))
      expect(contains(result, modified)).toBe(true)
      for (const field of Object.keys(original)) {
        if (!Object.hasOwn(modified, field)) expect(result).not.toHaveProperty(field)
      }
      expect(
        applyMergePatch(result, createThreeWayMergePatch(modified, modified, result as JsonObject)),
      ).toEqual(result)
    }),
    { numRuns: 500 },
  )
})

test('an object that nobody else changed becomes the modified one', () => {
  fc.assert(
    fc.property(document, document, (original, modified) => {
      expect(applyMergePatch(original, createThreeWayMergePatch(original, modified, original))).toEqual(
        modified,
      )
    }),
  )
})
