import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyJson, equalJson } from './json-value.ts'
import { applyMergePatch, createMergePatch } from './merge-patch.ts'

describe('applyMergePatch', () => {
  // The cases of RFC 7386, appendix A.
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (document, patch, result) => {
    expect(applyMergePatch(document, patch)).toEqual(result)
  })

  test('does not pollute prototypes', () => {
    const result = applyMergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}')) as Record<
      string,
      unknown
    >
    expect(Object.keys(result)).toEqual(['__proto__'])
    expect(result.polluted).toBeUndefined()
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

/** JSON without nulls in objects, which a merge patch cannot set. */
const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'toString')
const { document } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(0, 1, '', 'x', true),
    fc.array(fc.oneof(tie('value'), fc.constant(null)), { maxLength: 3 }),
    tie('document'),
  ),
  document: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((fields) =>
      JSON.parse(`{${fields.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join()}}`),
    ),
}))

test('a created patch leads from the original to the modified document and changes neither', () => {
  fc.assert(
    fc.property(document, document, (original, modified) => {
      const before = [copyJson(original), copyJson(modified)]
      const patch = createMergePatch(original, modified)
      const result = applyMergePatch(original, patch)
      expect(equalJson(result, modified)).toBe(true)
      expect(equalJson([original, modified], before)).toBe(true)
      expect(equalJson(createMergePatch(result, modified), {})).toBe(true)
    }),
    { numRuns: 500 },
  )
})
