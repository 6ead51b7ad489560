import fc from 'fast-check'
import type { JsonObject } from '../src/json-value.ts'
import {
  atomicListOf,
  boolean,
  listMapOf,
  mapOf,
  numeric,
  objectType,
  scalar,
  setOf,
  struct,
  text,
} from './merge-types.ts'

/** A type with everything that can be applied, in which only what has a value can be owned. */
export const specType = struct({
  numeric,
  text,
  flag: boolean,
  set: setOf(text),
  numbers: setOf(numeric),
  list: atomicListOf(text),
  items: listMapOf(
    struct({
      name: text,
      port: numeric,
      value: scalar,
      tags: setOf(text),
      part: struct({ a: text, b: numeric }),
    }),
    ['name', 'port'],
    { port: 80 },
  ),
  part: struct({ a: text, b: numeric, set: setOf(text) }),
  map: mapOf(text),
  atomicMap: mapOf(text, 'atomic'),
})

export const exampleType = objectType({ spec: specType })

const word = fc.constantFrom('a', 'b', 'c', '<d>', '😀')
const number = fc.constantFrom(0, 1, 2, 10, -1.5)

/** Lists and maps are not empty unless `empties` says so. */
function containers(empties: boolean) {
  const minLength = empties ? 0 : 1
  const words = fc.uniqueArray(word, { minLength, maxLength: 3 })
  const map = fc.dictionary(word, word, { minKeys: minLength, maxKeys: 3 })
  const partOf = (part: fc.Arbitrary<JsonObject>) =>
    empties ? part : part.filter((value) => Object.keys(value).length > 0)
  return { words, map, partOf, minLength }
}

const optional = { requiredKeys: [] as [] }

export function arbitrarySpec({ empties = false } = {}): fc.Arbitrary<JsonObject> {
  const { words, map, partOf, minLength } = containers(empties)
  const part = partOf(fc.record({ a: word, b: number }, optional))
  const item = fc.record(
    { name: word, port: fc.constantFrom(80, 8080), value: fc.oneof(word, number), tags: words, part },
    { requiredKeys: ['name'] },
  )
  const keyOf = ({ name, port = 80 }: { name: string; port?: number }) => `${name}:${port}`
  return fc.record(
    {
      numeric: number,
      text: word,
      flag: fc.boolean(),
      set: words,
      numbers: fc.uniqueArray(number, { minLength, maxLength: 3 }),
      list: fc.array(word, { minLength, maxLength: 3 }),
      items: fc.uniqueArray(item, { minLength, maxLength: 3, selector: keyOf }),
      part: partOf(fc.record({ a: word, b: number, set: words }, optional)),
      map,
      atomicMap: map,
    },
    optional,
  )
}
