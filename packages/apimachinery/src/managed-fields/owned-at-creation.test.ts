import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitrarySpec, exampleType } from '../../test/arbitrary-value.ts'
import type { Unstructured } from '../meta.ts'
import { isShared } from '../shared-json.ts'
import { compareValues } from '../structured-merge/compare.ts'
import { union } from '../structured-merge/field-set.ts'
import { deducedType, type MergeType } from '../structured-merge/merge-type.ts'
import { withoutSystemFields } from '../structured-merge/system-fields.ts'
import { ownedAtCreation } from './owned-at-creation.ts'

const word = fc.constantFrom('a', 'b', 'c')
const metadata = fc.record(
  {
    name: word,
    generation: fc.constant(1),
    labels: fc.dictionary(word, word),
    finalizers: fc.uniqueArray(word),
  },
  { requiredKeys: ['name'] },
)
const object = fc
  .record({ metadata, spec: arbitrarySpec({ empties: true }) }, { requiredKeys: ['metadata'] })
  .map((fields) => ({ apiVersion: 'v1', kind: 'Example', ...fields }) as Unstructured)

/** The objects follow one another on the same type, which remembers what it saw. */
function agrees(type: MergeType, empty: Unstructured | undefined, created: readonly Unstructured[]) {
  for (const one of created) {
    const before = empty ?? { apiVersion: 'v1', kind: 'Example' }
    const { added, modified } = compareValues(before, one, type)
    const expected = withoutSystemFields(union(added, modified))
    expect(JSON.stringify(ownedAtCreation(one, empty, type))).toBe(JSON.stringify(expected))
  }
}

const objects = fc.array(object, { minLength: 1, maxLength: 6 })

// Stands first, since a type that saw very many objects forgets their sets, at a moment that is not told.
test('sets that objects share cannot be changed, and are written to JSON once', () => {
  const one = (): Unstructured => ({
    apiVersion: 'v1',
    kind: 'Example',
    metadata: { name: 'x', labels: { a: '' } },
    spec: { text: 'a', items: [{ name: 'a' }] },
  })
  const shared = ownedAtCreation(one(), undefined, exampleType)
  expect(ownedAtCreation(one(), undefined, exampleType)).toBe(shared)
  expect(isShared(shared)).toBe(true)
  expect(() => Object.assign(shared, { 'f:x': {} })).toThrow(TypeError)
  expect(() => Object.assign(shared['f:spec']!, { 'f:x': {} })).toThrow(TypeError)
})

test('what a creator owns is what a comparison with nothing finds', () => {
  fc.assert(fc.property(objects, (created) => agrees(exampleType, undefined, created)))
})

test('what a creator owns of an object without a type is what a comparison finds', () => {
  fc.assert(fc.property(objects, (created) => agrees(deducedType, undefined, created)))
})

test('what a creator owns of a kind with fields of its own is what a comparison with them finds', () => {
  const empty: Unstructured = {
    apiVersion: 'v1',
    kind: 'Example',
    metadata: {},
    spec: { numeric: 0, text: '', items: null, part: {}, map: null },
  }
  fc.assert(fc.property(objects, (created) => agrees(exampleType, empty, created)))
})
