import { MergePreconditionError, requireKeyUnchanged } from '@k1s/apimachinery'
import {
  applyStrategicMergePatch,
  createThreeWayMergePatch,
  createTwoWayMergePatch,
  patchesHaveConflicts,
  StrategicMergeConflictError,
} from '@k1s/apimachinery/strategic-merge'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Node } from './patch-types.ts'

type Json = Record<string, unknown>

describe('createTwoWayMergePatch', () => {
  test.each<[string, Json, Json, Json]>([
    [
      'is empty for equal objects',
      { words: ['b', 'a'], items: [{ name: 'a' }] },
      { words: ['b', 'a'], items: [{ name: 'a' }] },
      {},
    ],
    [
      'adds, changes and deletes fields',
      { name: 'a', port: 1 },
      { port: 2, labels: {} },
      { port: 2, labels: {}, name: null },
    ],
    ['replaces lists without a strategy', { atomic: ['a'] }, { atomic: ['a', 'b'] }, { atomic: ['a', 'b'] }],
    [
      'adds, changes and deletes items, and orders them',
      { items: [{ name: 'a' }, { name: 'b', port: 1 }] },
      { items: [{ name: 'c' }, { name: 'b', port: 2 }] },
      {
        items: [{ name: 'c' }, { name: 'b', port: 2 }, { name: 'a', $patch: 'delete' }],
        '$setElementOrder/items': [{ name: 'c' }, { name: 'b' }],
      },
    ],
    [
      'orders items that were only moved',
      { items: [{ name: 'a' }, { name: 'b' }] },
      { items: [{ name: 'b' }, { name: 'a' }] },
      { '$setElementOrder/items': [{ name: 'b' }, { name: 'a' }] },
    ],
    [
      'adds and removes plain values',
      { words: ['a', 'b'] },
      { words: ['c', 'b'] },
      { words: ['c'], '$deleteFromPrimitiveList/words': ['a'], '$setElementOrder/words': ['c', 'b'] },
    ],
    [
      'orders plain values that were only moved',
      { words: ['b', 'a'] },
      { words: ['a', 'b'] },
      { '$setElementOrder/words': ['a', 'b'] },
    ],
    [
      'names the fields that stay',
      { kept: { name: 'a', port: 1 } },
      { kept: { port: 1, labels: {} } },
      { kept: { name: null, labels: {}, $retainKeys: ['labels', 'port'] } },
    ],
    [
      'names the fields of items that stay',
      { volumes: [{ name: 'a', inner: {} }] },
      { volumes: [{ name: 'a', port: 1 }] },
      {
        volumes: [{ name: 'a', port: 1, inner: null, $retainKeys: ['name', 'port'] }],
        '$setElementOrder/volumes': [{ name: 'a' }],
      },
    ],
    ['does not ask for unknown fields that stay equal', { other: { a: [1] } }, { other: { a: [1] } }, {}],
    [
      'pairs items of the same key from the last',
      {
        ports: [
          { port: 53, name: 'tcp' },
          { port: 53, name: 'udp' },
        ],
      },
      { ports: [{ port: 53, name: 'udp' }] },
      { ports: [{ port: 53, $patch: 'delete' }], '$setElementOrder/ports': [{ port: 53 }] },
    ],
  ])('%s', (_, original, modified, patch) => {
    expect(createTwoWayMergePatch(original, modified, Node)).toEqual(patch)
  })

  test('refuses unknown fields that change', () => {
    expect(() => createTwoWayMergePatch({ other: {} }, { other: { a: 1 } }, Node)).toThrow(
      'unable to find api field in struct Node for the json field "other"',
    )
  })
})

describe('createThreeWayMergePatch', () => {
  test('takes back what the last apply set and keeps what others set', () => {
    const patch = createThreeWayMergePatch(
      { items: [{ name: 'a', port: 1 }, { name: 'b' }], words: ['x'], name: 'n' },
      { items: [{ name: 'a' }], words: ['y'] },
      {
        items: [{ name: 'a', port: 1, labels: {} }, { name: 'b' }, { name: 'other' }],
        words: ['x', 'z'],
        name: 'n',
      },
      Node,
    )
    expect(patch).toEqual({
      items: [
        { name: 'a', port: null },
        { name: 'b', $patch: 'delete' },
      ],
      '$setElementOrder/items': [{ name: 'a' }],
      words: ['y'],
      '$deleteFromPrimitiveList/words': ['x'],
      '$setElementOrder/words': ['y'],
      name: null,
    })
  })

  test('clears fields that the server set beside those that are kept', () => {
    const current = { kept: { name: 'Rolling', inner: { port: 1 } } }
    const patch = createThreeWayMergePatch(
      { kept: { name: 'Rolling' } },
      { kept: { name: 'Recreate' } },
      current,
      Node,
    )
    expect(patch).toEqual({ kept: { name: 'Recreate', $retainKeys: ['name'] } })
    expect(applyStrategicMergePatch(current, patch, Node)).toEqual({ kept: { name: 'Recreate' } })
  })

  test('refuses what a precondition refuses', () => {
    const preconditions = [requireKeyUnchanged('name')]
    const create = () => createThreeWayMergePatch({}, { name: 'b' }, { name: 'a' }, Node, { preconditions })
    expect(create).toThrow(MergePreconditionError)
  })

  test('without overwrite refuses to change what others changed', () => {
    const create = () =>
      createThreeWayMergePatch({ port: 1 }, { port: 2 }, { port: 3 }, Node, { overwrite: false })
    expect(create).toThrow(StrategicMergeConflictError)
    expect(create).toThrow(
      'patch:\nport: 2\n\nconflicts with changes made from original to current:\nport: 3\n\n',
    )
  })

  test('without overwrite changes what others left', () => {
    const patch = createThreeWayMergePatch(
      { port: 1, items: [{ name: 'a', port: 1 }] },
      { port: 2, items: [{ name: 'a', port: 1 }] },
      { port: 1, items: [{ name: 'a', port: 1, labels: {} }, { name: 'b' }] },
      Node,
      { overwrite: false },
    )
    expect(patch).toEqual({ port: 2, '$setElementOrder/items': [{ name: 'a' }] })
  })
})

describe('patchesHaveConflicts', () => {
  test.each<[boolean, Json, Json]>([
    [false, { name: 'a' }, { port: 1 }],
    [false, { name: 'a' }, { name: 'a' }],
    [true, { name: 'a' }, { name: 'b' }],
    [true, { name: 'a' }, { name: null }],
    [true, { inner: { name: 'a' } }, { inner: { name: 'b' } }],
    [true, { inner: { name: 'a' } }, { inner: 1 }],
    [true, { inner: { $patch: 'delete' } }, { inner: { name: 'a' } }],
    [false, { replaced: { name: 'a' } }, { replaced: { name: 'b' } }],
    [false, { words: ['a'] }, { words: ['b'] }],
    [true, { atomic: ['a'] }, { atomic: ['b'] }],
    [true, { atomic: ['a'] }, { atomic: ['a', 'b'] }],
    [false, { items: [{ name: 'a', port: 1 }] }, { items: [{ name: 'b', port: 2 }] }],
    [true, { items: [{ name: 'a', port: 1 }] }, { items: [{ name: 'a', port: 2 }] }],
    [true, { plain: [{ name: 'a' }] }, { plain: [{ name: 'b' }] }],
  ])('%s for %j and %j', (wanted, left, right) => {
    expect(patchesHaveConflicts(left, right, Node)).toBe(wanted)
    expect(patchesHaveConflicts(right, left, Node)).toBe(wanted)
  })
})

const words = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
const maybe = { requiredKeys: [] as [], noNullPrototype: true }

function objects(depth: number): fc.Arbitrary<Json> {
  const scalars = {
    port: fc.constantFrom(1, 2, 80),
    labels: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom('x', 'y'), {
      noNullPrototype: true,
    }),
    words,
    atomic: words,
  }
  if (depth === 0) return fc.record({ name: fc.constantFrom('a', 'b'), ...scalars }, maybe)
  const inner = objects(depth - 1)
  const items = fc
    .tuple(words, fc.array(inner, { minLength: 4, maxLength: 4 }))
    .map(([names, contents]) => names.map((name, index) => ({ ...contents[index], name })))
  const ports = fc
    .tuple(fc.uniqueArray(fc.constantFrom(80, 443, 8080)), fc.array(inner, { minLength: 3, maxLength: 3 }))
    .map(([numbers, contents]) => numbers.map((port, index) => ({ ...contents[index], port })))
  const nested = {
    inner,
    replaced: inner,
    kept: inner,
    items,
    volumes: items,
    ports,
    plain: fc.array(inner, { maxLength: 2 }),
  }
  return fc.record({ name: fc.constantFrom('a', 'b'), ...scalars, ...nested }, maybe)
}

describe('for all objects', () => {
  const object = objects(2)

  test('the patch between two, applied to the first, gives the second', () => {
    fc.assert(
      fc.property(object, object, (original, modified) => {
        const patch = createTwoWayMergePatch(original, modified, Node)
        const patched = applyStrategicMergePatch(original, patch, Node)
        expect(patched).toEqual(modified)
      }),
      { numRuns: 50 },
    )
  })

  test('a patch applied twice is a patch applied once', () => {
    fc.assert(
      fc.property(object, object, object, (original, modified, others) => {
        const patch = createTwoWayMergePatch(original, modified, Node)
        const once = applyStrategicMergePatch(applyStrategicMergePatch(original, others, Node), patch, Node)
        expect(applyStrategicMergePatch(once, patch, Node)).toEqual(once)
      }),
      { numRuns: 50 },
    )
  })

  test('the three-way patch reaches the wanted object where nobody else changed anything', () => {
    fc.assert(
      fc.property(object, object, (original, modified) => {
        const patch = createThreeWayMergePatch(original, modified, original, Node)
        expect(applyStrategicMergePatch(original, patch, Node)).toEqual(modified)
      }),
      { numRuns: 50 },
    )
  })

  test('whatever others changed and added, the three-way patch reaches what the modified object says', () => {
    fc.assert(
      fc.property(object, object, object, (original, modified, others) => {
        const current = applyStrategicMergePatch(original, others, Node)
        const patch = createThreeWayMergePatch(original, modified, current, Node)
        const result = applyStrategicMergePatch(current, patch, Node)
        const rest = createThreeWayMergePatch(modified, modified, result, Node)
        expect(applyStrategicMergePatch(result, rest, Node)).toEqual(result)
        for (const key of Object.keys(original)) {
          if (!Object.hasOwn(modified, key)) expect(result).not.toHaveProperty(key)
        }
      }),
      { numRuns: 50 },
    )
  })
})
