import { expect, test } from 'vitest'
import { listMapOf, scalar, setOf, struct } from '../../test/merge-types.ts'
import { listItemElement } from './list-item.ts'

const set = setOf(scalar)
const byKeys = listMapOf(struct({ a: scalar, b: scalar }), ['b', 'a'], { a: 'x' })
const byName = listMapOf(struct({ name: scalar, port: scalar }), ['name', 'port'])

test('an item of a set is its value', () => {
  expect(listItemElement(set, 'a', 0)).toBe('v:"a"')
  expect(listItemElement(set, 1, 0)).toBe('v:1')
})

test('an item with keys is its keys in order, with defaults for those it does not have', () => {
  expect(listItemElement(byKeys, { b: 1 }, 0)).toBe('k:{"a":"x","b":1}')
  expect(listItemElement(byKeys, { a: null, b: 1 }, 0)).toBe('k:{"a":null,"b":1}')
  expect(listItemElement(byName, { port: 1 }, 0)).toBe('k:{"port":1}')
})

test('an item that nothing identifies is an error', () => {
  const problem = (type: typeof set, item: unknown) => () => listItemElement(type, item, 2)
  expect(problem(set, null)).toThrow(
    "element 2: associative list without keys has an element that's an explicit null",
  )
  expect(problem(set, {})).toThrow(
    "element 2: associative list without keys has an element that's a map type",
  )
  expect(problem(set, [])).toThrow('element 2: not supported: associative list with lists as elements')
  expect(problem(byName, null)).toThrow('element 2: associative list with keys may not have a null element')
  expect(problem(byName, 'x')).toThrow('element 2: associative list with keys may not have non-map elements')
  expect(problem(byName, {})).toThrow(
    'element 2: associative list with keys has an element that omits all key fields ["name" "port"] (and doesn\'t have default values for any key fields)',
  )
})
