import { applyStrategicMergePatch } from '@k1s/apimachinery/strategic-merge'
import { describe, expect, test } from 'vitest'
import { Node } from './patch-types.ts'

type Json = Record<string, unknown>

function apply(original: Json, patch: Json): Json {
  const before = structuredClone([original, patch])
  const result = applyStrategicMergePatch(original, patch, Node)
  expect([original, patch]).toEqual(before)
  return result
}

describe('fields', () => {
  test.each<[string, Json, Json, Json]>([
    [
      'are added and changed',
      { name: 'a', port: 1 },
      { port: 2, labels: { x: 'y' } },
      { name: 'a', port: 2, labels: { x: 'y' } },
    ],
    ['are deleted by null', { name: 'a', port: 1 }, { port: null, inner: null }, { name: 'a' }],
    [
      'of objects are merged',
      { inner: { name: 'a', port: 1 } },
      { inner: { port: 2 } },
      { inner: { name: 'a', port: 2 } },
    ],
    [
      'of maps are merged',
      { labels: { a: '1', b: '2' } },
      { labels: { b: null, c: '3' } },
      { labels: { a: '1', c: '3' } },
    ],
    [
      'of another type are replaced',
      { inner: 'x' },
      { inner: { name: 'a', port: null } },
      { inner: { name: 'a' } },
    ],
    [
      'are added without nulls',
      {},
      { inner: { name: 'a', port: null, items: [{ name: null }] } },
      { inner: { name: 'a', items: [{}] } },
    ],
    [
      'with the strategy replace are replaced',
      { replaced: { name: 'a', port: 1 } },
      { replaced: { port: 2 } },
      { replaced: { port: 2 } },
    ],
    [
      'that the type does not have are replaced where nothing is to be merged',
      { other: 1 },
      { other: { x: 1 } },
      { other: { x: 1 } },
    ],
    [
      'named __proto__ are fields',
      { labels: {} },
      JSON.parse('{"labels":{"__proto__":"x"}}'),
      JSON.parse('{"labels":{"__proto__":"x"}}'),
    ],
  ])('%s', (_, original, patch, wanted) => {
    expect(apply(original, patch)).toEqual(wanted)
  })
})

describe('$patch', () => {
  test.each<[string, Json, Json, Json]>([
    [
      'replace replaces an object',
      { inner: { name: 'a', port: 1 } },
      { inner: { $patch: 'replace', port: 2 } },
      { inner: { port: 2 } },
    ],
    ['delete empties an object', { inner: { name: 'a' } }, { inner: { $patch: 'delete' } }, { inner: {} }],
    ['delete of an absent object adds nothing', {}, { inner: { $patch: 'delete' } }, {}],
    [
      'delete removes all items with the key',
      { items: [{ name: 'a' }, { name: 'b' }, { name: 'a', port: 1 }] },
      { items: [{ name: 'a', $patch: 'delete' }] },
      { items: [{ name: 'b' }] },
    ],
    [
      'delete of an absent item does nothing',
      { items: [{ name: 'a' }] },
      { items: [{ name: 'z', $patch: 'delete' }] },
      { items: [{ name: 'a' }] },
    ],
    [
      'replace in a list replaces the list',
      { items: [{ name: 'a' }] },
      { items: [{ $patch: 'replace' }, { name: 'b' }] },
      { items: [{ name: 'b' }] },
    ],
    [
      'is no item of a list that is added',
      {},
      { items: [{ name: 'a', $patch: 'delete' }, { name: 'b' }] },
      { items: [{ name: 'b' }] },
    ],
  ])('%s', (_, original, patch, wanted) => {
    expect(apply(original, patch)).toEqual(wanted)
  })
})

describe('lists', () => {
  test.each<[string, Json, Json, Json]>([
    [
      'without a strategy are replaced',
      { plain: [{ name: 'a' }] },
      { plain: [{ port: 1 }] },
      { plain: [{ port: 1 }] },
    ],
    [
      'of objects are merged by key, those of the patch in its order',
      { items: [{ name: 'a', port: 1 }, { name: 'b' }] },
      { items: [{ name: 'c' }, { name: 'a', labels: {} }] },
      { items: [{ name: 'c' }, { name: 'a', port: 1, labels: {} }, { name: 'b' }] },
    ],
    [
      'are merged by keys that are numbers',
      { ports: [{ port: 80, name: 'x' }] },
      { ports: [{ port: 80, name: 'y' }, { port: 443 }] },
      { ports: [{ port: 80, name: 'y' }, { port: 443 }] },
    ],
    ['of plain values are united', { words: ['a', 'b'] }, { words: ['c', 'a'] }, { words: ['c', 'a', 'b'] }],
    ['that are both empty stay empty', { items: [] }, { items: [] }, { items: [] }],
    [
      'nested in items are merged',
      { items: [{ name: 'a', items: [{ name: 'x' }] }] },
      { items: [{ name: 'a', items: [{ name: 'y' }] }] },
      { items: [{ name: 'a', items: [{ name: 'y' }, { name: 'x' }] }] },
    ],
  ])('%s', (_, original, patch, wanted) => {
    expect(apply(original, patch)).toEqual(wanted)
  })
})

describe('$deleteFromPrimitiveList', () => {
  test.each<[string, Json, Json, Json]>([
    [
      'removes values',
      { words: ['a', 'b', 'a'] },
      { '$deleteFromPrimitiveList/words': ['a', 'z'] },
      { words: ['b'] },
    ],
    [
      'removes values from a list that is not merged',
      { atomic: ['a', 'b'] },
      { '$deleteFromPrimitiveList/atomic': ['a'] },
      { atomic: ['b'] },
    ],
    ['adds no list', {}, { '$deleteFromPrimitiveList/words': ['a'] }, {}],
    [
      'and additions are both done',
      { words: ['a', 'b'] },
      { '$deleteFromPrimitiveList/words': ['a'], words: ['c'] },
      { words: ['c', 'b'] },
    ],
  ])('%s', (_, original, patch, wanted) => {
    expect(apply(original, patch)).toEqual(wanted)
  })
})

describe('$setElementOrder', () => {
  test.each<[string, Json, Json, Json]>([
    [
      'orders a list',
      { words: ['a', 'b', 'c'] },
      { '$setElementOrder/words': ['c', 'a', 'b'] },
      { words: ['c', 'a', 'b'] },
    ],
    [
      'keeps the items of others at their places',
      { items: [{ name: 'a' }, { name: 'x' }, { name: 'b' }, { name: 'y' }] },
      { '$setElementOrder/items': [{ name: 'a' }, { name: 'c' }, { name: 'b' }], items: [{ name: 'c' }] },
      { items: [{ name: 'a' }, { name: 'c' }, { name: 'x' }, { name: 'b' }, { name: 'y' }] },
    ],
    [
      'may name items that are nowhere',
      { words: ['a', 'b'] },
      { '$setElementOrder/words': ['z', 'b', 'a'] },
      { words: ['b', 'a'] },
    ],
    [
      'goes with deletions',
      { items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
      { '$setElementOrder/items': [{ name: 'c' }, { name: 'b' }], items: [{ name: 'a', $patch: 'delete' }] },
      { items: [{ name: 'c' }, { name: 'b' }] },
    ],
    [
      'orders a list that is added',
      {},
      { '$setElementOrder/words': ['a', 'b'], words: ['a', 'b'] },
      { words: ['a', 'b'] },
    ],
  ])('%s', (_, original, patch, wanted) => {
    expect(apply(original, patch)).toEqual(wanted)
  })
})

describe('$retainKeys', () => {
  test.each<[string, Json, Json, Json]>([
    [
      'clears what it does not name',
      { kept: { name: 'a', port: 1 } },
      { kept: { $retainKeys: ['port', 'labels'], labels: { x: 'y' } } },
      { kept: { port: 1, labels: { x: 'y' } } },
    ],
    [
      'clears fields of items',
      { volumes: [{ name: 'a', port: 1, inner: {} }] },
      { volumes: [{ name: 'a', $retainKeys: ['name', 'port'] }] },
      { volumes: [{ name: 'a', port: 1 }] },
    ],
  ])('%s', (_, original, patch, wanted) => {
    expect(apply(original, patch)).toEqual(wanted)
  })
})

describe('is refused with the words and status of Kubernetes:', () => {
  test.each<[string, Json, Json, number, string]>([
    [
      'an item without its key',
      { items: [{ name: 'a' }] },
      { items: [{ port: 1, labels: { x: 'y' } }] },
      500,
      'map: map[labels:map[x:y] port:1] does not contain declared merge key: name',
    ],
    [
      'a deletion without its key',
      { items: [{ name: 'a' }] },
      { items: [{ $patch: 'delete' }] },
      500,
      'map: map[$patch:delete] does not contain declared merge key: name',
    ],
    [
      'an unknown directive',
      { inner: {} },
      { inner: { $patch: 'add' } },
      500,
      'unknown patch type: add in map: map[$patch:add]',
    ],
    [
      'a directive that is no text',
      { inner: {} },
      { inner: { $patch: 5 } },
      500,
      'unknown patch type: %!s(int64=5) in map: map[$patch:5]',
    ],
    [
      'merge in a list',
      { items: [{ name: 'a' }] },
      { items: [{ name: 'a', $patch: 'merge' }] },
      500,
      'merging lists cannot yet be specified in the patch',
    ],
    [
      'a merged list without a key',
      { keyless: [{ name: 'a' }] },
      { keyless: [{ name: 'b' }] },
      500,
      'cannot merge lists without merge key for struct',
    ],
    ['a list of lists', { nested: [[]] }, { nested: [[]] }, 500, 'unexpected slice of slice'],
    ['lists in a merged list', { items: [[1]] }, { items: [[2]] }, 422, 'lists of lists are not supported'],
    [
      'items of several types',
      { items: [{ name: 'a' }] },
      { items: ['b'] },
      500,
      'list element types are not identical: [[map[name:a]] [b]]',
    ],
    [
      '$deleteFromPrimitiveList without a name',
      {},
      { $deleteFromPrimitiveList: [] },
      400,
      'invalid patch format of primitive list',
    ],
    [
      '$setElementOrder without a name',
      {},
      { $setElementOrder: [] },
      400,
      'invalid patch format of setElementOrder list',
    ],
    [
      '$setElementOrder that is no list',
      {},
      { '$setElementOrder/items': 'x' },
      500,
      'expected a []interface {}, but received a string',
    ],
    [
      '$setElementOrder of an object',
      { inner: {} },
      { '$setElementOrder/inner': [] },
      500,
      'expected a []interface {}, but received a map[string]interface {}',
    ],
    [
      '$setElementOrder of a field that is no list',
      {},
      { '$setElementOrder/inner': [] },
      500,
      'expected slice or array type, but got: struct',
    ],
    [
      'an order that the patch does not have',
      { words: ['a'] },
      { '$setElementOrder/words': ['b', 'c'], words: ['c', 'b'] },
      500,
      "The order in patch list:\n[c b]\n doesn't match $setElementOrder list:\n[b c]\n",
    ],
    [
      '$retainKeys that is no list',
      { kept: {} },
      { kept: { $retainKeys: 'x' } },
      400,
      'invalid patch format of retainKeys',
    ],
    [
      'a field that $retainKeys does not name',
      { kept: {} },
      { kept: { $retainKeys: ['name'], port: 1 } },
      400,
      'invalid patch format of retainKeys',
    ],
    [
      'an unknown field that is merged',
      { other: {} },
      { other: {} },
      500,
      'unable to find api field in struct Node for the json field "other"',
    ],
    [
      'an object in a map',
      { labels: { a: {} } },
      { labels: { a: {} } },
      500,
      'merging an object in json but data type is not struct, instead is: map',
    ],
    [
      'a type with two strategies',
      { odd: [] },
      { odd: [] },
      500,
      'unexpected patch strategy: [merge replace]',
    ],
  ])('%s', (_, original, patch, code, message) => {
    expect(() => apply(original, patch)).toThrow(expect.objectContaining({ code, message }))
  })
})

test('a merged list of 20,000 items is merged in linear time', () => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({ name: `n${index}`, port: 1 }))
  const patch = { items: items.map(({ name }) => ({ name, port: 2 })), '$setElementOrder/items': items }
  expect((apply({ items }, patch).items as Json[]).every(({ port }) => port === 2)).toBe(true)
})
