import { expect, test } from 'vitest'
import { specType } from '../../test/arbitrary-value.ts'
import type { JsonObject } from '../json-value.ts'
import { fieldSetOf } from './field-set-of.ts'
import { extractItems, removeItems } from './remove-items.ts'

const value = {
  text: 'a',
  set: ['a', 'b'],
  items: [
    { name: 'x', value: 1 },
    { name: 'y', tags: ['t'] },
  ],
  atomicMap: { k: 'v' },
  map: { k: 'v', l: 'w' },
}

const fields = (part: JsonObject) => fieldSetOf(part, specType)

test('fields and items of a set are removed', () => {
  expect(
    removeItems(value, fields({ text: '', set: ['a'], items: [{ name: 'y' }], map: { k: '' } }), specType),
  ).toEqual({
    set: ['b'],
    items: [{ name: 'x', value: 1 }],
    atomicMap: { k: 'v' },
    map: { l: 'w' },
  })
})

test('what loses everything becomes null', () => {
  expect(removeItems(value, fields(value), specType)).toEqual({ set: null, items: null, map: null })
})

test('fields and items of a set are extracted, and what is atomic as a whole', () => {
  const wanted = fields({ set: ['b', 'z'], items: [{ name: 'x' }], atomicMap: {}, map: { l: '' } })
  expect(extractItems(value, wanted, specType)).toEqual({
    set: ['b'],
    items: [{ name: 'x' }],
    atomicMap: { k: 'v' },
    map: { l: 'w' },
  })
})
