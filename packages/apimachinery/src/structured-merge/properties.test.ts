import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitrarySpec, specType } from '../../test/arbitrary-value.ts'
import { Ownership, pathsOf } from '../../test/ownership.ts'
import type { JsonObject } from '../json-value.ts'
import { compareValues } from './compare.ts'
import {
  difference,
  type FieldSet,
  intersection,
  isEmptyFieldSet,
  leaves,
  recursiveDifference,
  union,
} from './field-set.ts'
import { fieldSetOf } from './field-set-of.ts'
import { decodeFieldsV1 } from './fields-v1.ts'
import { mergeValues } from './merge-values.ts'
import { removeItems } from './remove-items.ts'

const spec = arbitrarySpec()
const specWithEmpties = arbitrarySpec({ empties: true })
const set = fc.tuple(specWithEmpties, specWithEmpties, fc.nat(3)).map(([left, right, choice]): FieldSet => {
  const { added, modified, removed } = compareValues(left, right, specType)
  return [added, removed, union(added, modified), fieldSetOf(left, specType)][choice]!
})

/** An apply by one of a few managers, by force, since without it a conflict changes nothing. */
const step = fc.record({ manager: fc.constantFrom('a', 'b', 'c'), configuration: spec })
const steps = fc.array(step, { minLength: 1, maxLength: 8 })

function run(list: readonly { manager: string; configuration: JsonObject }[]): Ownership {
  return list.reduce(
    (it, { manager, configuration }) => it.force(manager, configuration),
    new Ownership(specType),
  )
}

const text = (fields: FieldSet) => JSON.stringify(fields)

test('applies by any managers in any order never lose a field that someone owns', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { object, managers } = run(list)
      const there = fieldSetOf(object, specType)
      for (const { fields } of managers.values()) expect(pathsOf(difference(fields, there))).toEqual([])
    }),
  )
})

test('every field of an object that only applies made has an owner', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { object, managers } = run(list)
      const owned = [...managers.values()].reduce<FieldSet>((all, { fields }) => union(all, fields), {})
      expect(pathsOf(difference(fieldSetOf(object, specType), owned))).toEqual([])
    }),
  )
})

test('an apply has what it applied, and owns exactly that', () => {
  fc.assert(
    fc.property(steps, spec, (list, configuration) => {
      const { object, managers } = run(list).force('a', configuration)
      expect(mergeValues(object, configuration, specType)).toBe(object)
      expect(managers.get('a')?.fields ?? {}).toEqual(fieldSetOf(configuration, specType))
    }),
  )
})

test('an apply of the same configuration again changes nothing', () => {
  fc.assert(
    fc.property(steps, spec, (list, configuration) => {
      const first = run(list).force('a', configuration)
      const { object, owners } = first
      expect(first.apply('a', configuration).object).toBe(object)
      expect(first.owners).toEqual(owners)
    }),
  )
})

test('giving up a field removes it if and only if nobody else owns it', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const before = run(list)
      const own = leaves(before.managers.get('a')?.fields ?? {})
      const after = before.force('a', {})
      const others = [...after.managers.values()].reduce<FieldSet>(
        (all, { fields }) => union(all, fields),
        {},
      )
      const kept = intersection(own, fieldSetOf(after.object, specType))
      expect(pathsOf(kept)).toEqual(pathsOf(intersection(own, others)))
    }),
  )
})

test('a merge of a merge is the merge', () => {
  fc.assert(
    fc.property(specWithEmpties, specWithEmpties, (left, right) => {
      const merged = mergeValues(left, right, specType)
      expect(mergeValues(merged, right, specType)).toEqual(merged)
    }),
  )
})

test('two values are equal if and only if nothing was added, modified or removed', () => {
  fc.assert(
    fc.property(specWithEmpties, specWithEmpties, (left, right) => {
      const { added, modified, removed } = compareValues(left, right, specType)
      const same = [added, modified, removed].every(isEmptyFieldSet)
      // The order of items is nobody's.
      expect(same).toBe(JSON.stringify(unordered(left)) === JSON.stringify(unordered(right)))
    }),
  )
})

function unordered(value: unknown, name = ''): unknown {
  const associative = ['set', 'numbers', 'items', 'tags'].includes(name)
  if (Array.isArray(value)) {
    const items = value.map((item) => unordered(item))
    return associative ? items.map((item) => JSON.stringify(item)).sort() : items
  }
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return fields.map(([key, field]) => [key, unordered(field, key)])
}

test('removing what a value has leaves nothing of it', () => {
  fc.assert(
    fc.property(spec, (value) => {
      const rest = removeItems(value, fieldSetOf(value, specType), specType)
      expect(pathsOf(intersection(fieldSetOf(rest ?? {}, specType), fieldSetOf(value, specType)))).toEqual([])
    }),
  )
})

test('FieldsV1 round trips, in the same text from any order of keys', () => {
  fc.assert(
    fc.property(set, (fields) => {
      const document: unknown = JSON.parse(text(fields))
      expect(decodeFieldsV1(document)).toBe(document)
      expect(text(decodeFieldsV1(reversed(document)))).toBe(text(fields))
    }),
  )
})

function reversed(document: unknown): unknown {
  return Object.fromEntries(
    Object.entries(document as JsonObject)
      .reverse()
      .map(([key, node]) => [key, reversed(node)]),
  )
}

test('sets obey the laws of sets and stay in canonical order', () => {
  fc.assert(
    fc.property(set, set, set, (a, b, c) => {
      for (const result of [union(a, b), intersection(a, b), difference(a, b), recursiveDifference(a, b)]) {
        const document: unknown = JSON.parse(text(result))
        expect(decodeFieldsV1(document)).toBe(document)
      }
      expect(text(union(a, b))).toBe(text(union(b, a)))
      expect(text(union(union(a, b), c))).toBe(text(union(a, union(b, c))))
      expect(text(intersection(a, b))).toBe(text(intersection(b, a)))
      expect(text(difference(union(a, b), b))).toBe(text(difference(a, b)))
      expect(text(difference(a, difference(a, b)))).toBe(text(intersection(a, b)))
      expect(text(recursiveDifference(a, union(a, b)))).toBe('{}')
      expect(union(a, a)).toBe(a)
      expect(union(a, intersection(a, b))).toBe(a)
    }),
  )
})
