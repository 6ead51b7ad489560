import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  applyJsonPatch,
  JsonPatchError,
  type JsonPatchOperation,
  maxJsonPatchCopyBytes,
  maxJsonPatchOperations,
} from './json-patch.ts'
import { copyJson, equalJson } from './json-value.ts'
import { isBadRequest, isRequestEntityTooLarge } from './status-error.ts'

type Case = [document: unknown, patch: unknown[], result: unknown]

// The facts of RFC 6902, appendix A, and of the json-patch/json-patch-tests collection.
const applied: Case[] = [
  [{ foo: 1 }, [], { foo: 1 }],
  [{ foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
  [{ foo: ['a', 'c'] }, [{ op: 'add', path: '/foo/1', value: 'b' }], { foo: ['a', 'b', 'c'] }],
  [['a'], [{ op: 'add', path: '/1', value: 'b' }], ['a', 'b']],
  [['a'], [{ op: 'add', path: '/-', value: ['b'] }], ['a', ['b']]],
  [{}, [{ op: 'add', path: '/', value: 1 }], { '': 1 }],
  [{ foo: {} }, [{ op: 'add', path: '/foo/', value: 1 }], { foo: { '': 1 } }],
  [{ foo: 1 }, [{ op: 'add', path: '', value: [] }], []],
  [{}, [{ op: 'add', path: '', value: 'text' }], 'text'],
  [{ foo: 1 }, [{ op: 'add', path: '/foo', value: null }], { foo: null }],
  [{ foo: 1 }, [{ op: 'add', path: '/0', value: 'b' }], { foo: 1, 0: 'b' }],
  [{ a: 1, b: [1, 2] }, [{ op: 'remove', path: '/b/0' }], { a: 1, b: [2] }],
  [{ foo: null }, [{ op: 'remove', path: '/foo' }], {}],
  [{ foo: 1 }, [{ op: 'replace', path: '/foo', value: [1] }], { foo: [1] }],
  [{ foo: 1 }, [{ op: 'replace', path: '', value: { bar: 2 } }], { bar: 2 }],
  [{ foo: null }, [{ op: 'replace', path: '/foo', value: 1 }], { foo: 1 }],
  [[1, 2], [{ op: 'replace', path: '/1', value: 3 }], [1, 3]],
  [{ a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
  [[1, 2, 3], [{ op: 'move', from: '/0', path: '/2' }], [2, 3, 1]],
  [{ a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
  [{ a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
  [{ a: null }, [{ op: 'copy', from: '/a', path: '/b' }], { a: null, b: null }],
  [
    { a: { b: 1 } },
    [
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'replace', path: '/c/b', value: 2 },
    ],
    { a: { b: 1 }, c: { b: 2 } },
  ],
  [{ '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
  [{ a: { x: 1, y: [2] } }, [{ op: 'test', path: '/a', value: { y: [2], x: 1 } }], { a: { x: 1, y: [2] } }],
  [{ a: null }, [{ op: 'test', path: '/a', value: null }], { a: null }],
  [{ a: 1 }, [{ op: 'test', path: '', value: { a: 1 } }], { a: 1 }],
  [{ '': 1 }, [{ op: 'test', path: '/', value: 1 }], { '': 1 }],
  [{ a: 1 }, [{ op: 'add', path: '/b', value: 2, extra: true }], { a: 1, b: 2 }],
]

const refused: [document: unknown, operation: unknown, message: string][] = [
  [
    {},
    { op: 'add', path: '/a/b', value: 1 },
    'add operation does not apply: doc is missing path: "/a/b": missing value',
  ],
  [
    {},
    { op: 'add', path: 'a', value: 1 },
    'add operation does not apply: doc is missing path: "a": missing value',
  ],
  [
    [1],
    { op: 'add', path: '/2', value: 1 },
    "error in add for path: '/2': Unable to access invalid index: 2: invalid index referenced",
  ],
  [
    [1],
    { op: 'add', path: '/x', value: 1 },
    "error in add for path: '/x': value was not a proper array index: 'x'",
  ],
  [
    [1],
    { op: 'add', path: '/-1', value: 1 },
    "error in add for path: '/-1': value was not a proper array index: '-1'",
  ],
  [
    [1],
    { op: 'add', path: '/1e0', value: 1 },
    "error in add for path: '/1e0': value was not a proper array index: '1e0'",
  ],
  [
    [1, 2],
    { op: 'test', path: '/01', value: 2 },
    "error in test for path: '/01': value was not a proper array index: '01'",
  ],
  [{}, { op: 'add', path: '/a' }, 'add operation, missing value field: missing value'],
  [{}, { op: 'add', value: 1 }, 'add operation failed to decode path: missing value'],
  [
    {},
    { op: 'remove', path: '/a' },
    "error in remove for path: '/a': Unable to remove nonexistent key: a: missing value",
  ],
  [
    [],
    { op: 'remove', path: '/0' },
    "error in remove for path: '/0': Unable to access invalid index: 0: invalid index referenced",
  ],
  [
    {},
    { op: 'replace', path: '/a/b', value: 1 },
    'replace operation does not apply: doc is missing path: /a/b: missing value',
  ],
  [
    {},
    { op: 'replace', path: '/a', value: 1 },
    'replace operation does not apply: doc is missing key: /a: missing value',
  ],
  [
    [],
    { op: 'replace', path: '/-', value: 1 },
    'replace operation does not apply: doc is missing key: /-: missing value',
  ],
  [{ a: 1 }, { op: 'test', path: '/a', value: '1' }, 'testing value /a failed: test failed'],
  [{ a: {} }, { op: 'test', path: '/a', value: [] }, 'testing value /a failed: test failed'],
  [
    {},
    { op: 'test', path: '/a/b', value: 1 },
    'test operation does not apply: is missing path: /a/b: missing value',
  ],
  [{ a: 1 }, { op: 'move', path: '/b' }, 'move operation failed to decode from: missing value'],
  [
    {},
    { op: 'move', from: '/a', path: '/b' },
    "error in move for path: '/a': Unable to remove nonexistent key: a: missing value",
  ],
  [
    { a: {} },
    { op: 'move', from: '/a', path: '/a/b' },
    "error in move for path: '/a/b': cannot move a value into itself",
  ],
  [
    {},
    { op: 'copy', from: '/a', path: '/b' },
    "error in copy for path: '/a': Unable to access nonexistent key: a: missing value",
  ],
  [{}, { op: 'spam', path: '/a' }, 'Unexpected kind: spam'],
  [{}, { path: '/a' }, 'Unexpected kind: unknown'],
  [{}, null, 'Unexpected kind: unknown'],
]

describe('applyJsonPatch', () => {
  test.each(applied)('%j with %j is %j', (document, patch, result) => {
    const before = copyJson(document)
    expect(applyJsonPatch(document, patch as JsonPatchOperation[])).toEqual(result)
    expect(document).toEqual(before)
  })

  test.each(refused)('%j with %j is refused: %s', (document, operation, message) => {
    const before = copyJson(document)
    const apply = () => applyJsonPatch(document, [operation as JsonPatchOperation])
    expect(apply).toThrow(JsonPatchError)
    expect(apply).toThrow(new JsonPatchError(message, 0))
    expect(document).toEqual(before)
  })

  test('does not reach prototypes', () => {
    const patch: JsonPatchOperation[] = [{ op: 'add', path: '/__proto__/polluted', value: true }]
    expect(() => applyJsonPatch({}, patch)).toThrow('doc is missing path')
    const result = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }])
    expect((result as Record<string, unknown>).polluted).toBeUndefined()
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true}}')
  })

  test('limits the number of operations', () => {
    const operations = Array.from({ length: maxJsonPatchOperations + 1 }, () => ({
      op: 'test' as const,
      path: '/a',
      value: 1,
    }))
    expect(() => applyJsonPatch({ a: 1 }, operations.slice(1))).not.toThrow()
    expect(() => applyJsonPatch({ a: 1 }, operations)).toThrow(
      expect.toSatisfy(isRequestEntityTooLarge) as unknown as Error,
    )
  })

  test('refuses copies that double the document until it is too large', () => {
    const copies = (count: number): JsonPatchOperation[] =>
      Array.from({ length: count }, (_, index) => ({ op: 'copy', from: '', path: `/copy${index}` }))
    expect(() => applyJsonPatch({ a: 'x' }, copies(10))).not.toThrow()
    expect(() => applyJsonPatch({ a: 'x' }, copies(60))).toThrow(
      new RegExp(
        `^Unable to complete the copy, the accumulated size increase of copy is \\d+, exceeding the limit ${maxJsonPatchCopyBytes}$`,
      ),
    )
  })

  test('refuses copies that nest the document deeper than the codecs accept', () => {
    const deepest = `/a${'/a'.repeat(99)}`
    const nested = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)
    const operations = Array.from({ length: 10 }, (_, index) => ({
      op: 'copy' as const,
      from: '/a',
      path: deepest.repeat(index + 1).slice(0, -2 * index || undefined),
    }))
    expect(() => applyJsonPatch(nested, operations)).toThrow(
      'error while performing deep copy: json: exceeded max depth',
    )
  })

  // What json.Unmarshal says of a list of jsonPatchOp.
  test.each([
    [{ a: 1 }, 'object into Go value of type []handlers.jsonPatchOp'],
    ['x', 'string into Go value of type []handlers.jsonPatchOp'],
    [1.5, 'number into Go value of type []handlers.jsonPatchOp'],
    [true, 'bool into Go value of type []handlers.jsonPatchOp'],
    [['a'], 'string into Go value of type handlers.jsonPatchOp'],
    [[[1]], 'array into Go value of type handlers.jsonPatchOp'],
    [[{ op: 1 }], 'number into Go struct field jsonPatchOp.op of type string'],
    [[{ op: 'remove', path: 2 }], 'number into Go struct field jsonPatchOp.path of type string'],
    [[{ op: 'copy', from: {}, path: '' }], 'object into Go struct field jsonPatchOp.from of type string'],
  ])('%j is no list of operations', (patch, problem) => {
    const message = `error decoding patch: json: cannot unmarshal ${problem}`
    expect(() => applyJsonPatch({}, patch as never)).toThrow(
      expect.toSatisfy((error: Error) => isBadRequest(error) && error.message === message),
    )
  })

  test('null is a list without operations', () => {
    expect(applyJsonPatch({ a: 1 }, null as never)).toEqual({ a: 1 })
  })
})

const path = fc
  .array(fc.constantFrom('a', 'b', '0', '1', '-', '__proto__'), { maxLength: 3 })
  .map((tokens) => tokens.map((token) => `/${token}`).join(''))
const value = fc.jsonValue({ maxDepth: 2 })
const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace', 'test'), path, value }),
  fc.record({ op: fc.constant('remove'), path }),
  fc.record({ op: fc.constantFrom('move', 'copy'), path, from: path }),
) as fc.Arbitrary<JsonPatchOperation>

test('a patch never changes its document, and applies whole or not at all', () => {
  const document = { a: { a: [1, { b: 2 }], b: null }, b: [[], {}] }
  const before = copyJson(document)
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 6 }), (operations) => {
      const patch = copyJson(operations)
      try {
        const result = applyJsonPatch(document, operations)
        expect(equalJson(applyJsonPatch(document, operations), result)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(JsonPatchError)
        expect((error as JsonPatchError).operation).toBeLessThan(operations.length)
      }
      expect(document).toEqual(before)
      expect(equalJson(operations, patch)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
