import { describe, expect, test } from 'vitest'
import {
  atomicListOf,
  boolean,
  listMapOf,
  mapOf,
  numeric,
  setOf,
  struct,
  text,
} from '../../test/merge-types.ts'
import { Ownership } from '../../test/ownership.ts'
import type { JsonObject } from '../json-value.ts'
import { fieldPath, fieldSet } from './field-set.ts'
import type { MergeContext } from './managers.ts'
import { deducedType, type MergeMap, type MergeType } from './merge-type.ts'

const recursive: MergeMap = mapOf(struct({}))
Object.assign(recursive, { field: () => recursive })

const type = struct({
  numeric,
  string: text,
  bool: boolean,
  set: setOf(text),
  numbers: setOf(numeric),
  list: atomicListOf(text),
  items: listMapOf(struct({ name: text, value: numeric, tags: setOf(text), map: mapOf(text) }), ['name']),
  pairs: listMapOf(struct({ a: text, b: numeric, value: text }), ['a', 'b'], { a: 'A' }),
  struct: struct({ name: text, value: numeric }),
  map: mapOf(text),
  lists: mapOf(setOf(text)),
  maps: mapOf(mapOf(text)),
  recursive,
  atomicMap: mapOf(text, 'atomic'),
  atomicStruct: struct({ a: text, b: numeric }, 'atomic'),
})

const ownership = () => new Ownership(type)

interface Case {
  readonly name: string
  readonly run: (it: Ownership) => Ownership
  readonly object?: JsonObject
  readonly owners: { [manager: string]: string[] }
}

function cases(list: readonly Case[], make = ownership) {
  for (const { name, run, object, owners } of list) {
    test(name, () => {
      const result = run(make())
      if (object !== undefined) expect(result.object).toEqual(object)
      expect(result.owners).toEqual(owners)
    })
  }
}

describe('leaves', () => {
  cases([
    {
      name: 'are replaced by a second apply, which gives up those it leaves out',
      run: (it) => it.apply('a', { numeric: 1, string: 's' }).apply('a', { numeric: 2, bool: false }),
      object: { numeric: 2, bool: false },
      owners: { a: ['.bool', '.numeric'] },
    },
    {
      name: 'that an update sets stay when an apply does not name them',
      run: (it) =>
        it
          .apply('a', { numeric: 1, string: 's' })
          .update('u', { numeric: 1, string: 's', bool: true })
          .apply('a', { numeric: 2, string: 't' }),
      object: { numeric: 2, string: 't', bool: true },
      owners: { a: ['.numeric', '.string'], u: ['.bool'] },
    },
    {
      name: 'change hands by force',
      run: (it) => it.apply('a', { string: 's' }).update('u', { string: 't' }).force('a', { string: 'v' }),
      object: { string: 'v' },
      owners: { a: ['.string'] },
    },
    {
      name: 'that an update took over are not removed by giving them up',
      run: (it) =>
        it.apply('a', { string: 's', numeric: 1 }).update('u', { string: 't', numeric: 1 }).apply('a', {}),
      object: { string: 't' },
      owners: { u: ['.string'] },
    },
    {
      name: 'shared by two appliers stay until both have given them up',
      run: (it) => it.apply('a', { numeric: 1 }).apply('b', { numeric: 1 }).apply('a', {}),
      object: { numeric: 1 },
      owners: { b: ['.numeric'] },
    },
    {
      name: 'go with the last of their appliers',
      run: (it) => it.apply('a', { numeric: 1 }).apply('b', { numeric: 1 }).apply('a', {}).apply('b', {}),
      object: {},
      owners: {},
    },
    {
      name: 'that an update removes belong to nobody',
      run: (it) => it.update('u', { string: 's' }).update('v', {}),
      object: {},
      owners: {},
    },
    {
      name: 'that were there before the apply with the same value are shared with who updated them',
      run: (it) => it.update('u', { string: 's' }).apply('a', { string: 's' }),
      object: { string: 's' },
      owners: { u: ['.string'], a: ['.string'] },
    },
  ])

  test('in conflict are reported with their manager, and nothing changes', () => {
    const it = ownership().apply('a', { string: 's' }).update('u', { string: 't', numeric: 1 })
    expect(() => it.apply('a', { string: 'v', numeric: 2 })).toThrow(
      'conflicts with "u":\n- .numeric\n- .string',
    )
    expect(() => it.apply('a', { string: 'v' })).toThrow('conflict with "u": .string')
    expect(it.object).toEqual({ string: 't', numeric: 1 })
    expect(it.owners).toEqual({ u: ['.numeric', '.string'] })
  })
})

describe('sets', () => {
  cases([
    {
      name: 'lose items that nobody applies any more, and take the order of the configuration',
      run: (it) => it.apply('a', { set: ['a', 'c', 'b'] }).apply('a', { set: ['b', 'd', 'a'] }),
      object: { set: ['b', 'd', 'a'] },
      owners: { a: ['.set[="a"]', '.set[="b"]', '.set[="d"]'] },
    },
    {
      name: 'are shared item by item',
      run: (it) =>
        it
          .apply('a', { set: ['a', 'b'] })
          .apply('b', { set: ['b', 'c'] })
          .apply('a', { set: ['a'] }),
      object: { set: ['a', 'b', 'c'] },
      owners: { a: ['.set[="a"]'], b: ['.set[="b"]', '.set[="c"]'] },
    },
    {
      name: 'keep items of updates between those of the configuration',
      run: (it) =>
        it
          .apply('a', { set: ['a', 'b', 'c'] })
          .update('u', { set: ['a', 'aprime', 'b', 'c', 'cprime'] })
          .apply('a', { set: ['c', 'b', 'a'] }),
      object: { set: ['aprime', 'c', 'cprime', 'b', 'a'] },
      owners: { a: ['.set[="a"]', '.set[="b"]', '.set[="c"]'], u: ['.set[="aprime"]', '.set[="cprime"]'] },
    },
    {
      name: 'go when they lose their last item',
      run: (it) => it.apply('a', { set: ['a'], numbers: [1] }).apply('a', { numbers: [1] }),
      object: { numbers: [1] },
      owners: { a: ['.numbers[=1]'] },
    },
    {
      name: 'order numbers by value',
      run: (it) => it.apply('a', { numbers: [10, 9, -1.5] }),
      owners: { a: ['.numbers[=-1.5]', '.numbers[=9]', '.numbers[=10]'] },
    },
    {
      name: 'with duplicates, which only updates can make, are owned once per value',
      run: (it) => it.update('u', { numbers: [1, 3, 4] }).update('v', { numbers: [1, 1, 3, 4] }),
      owners: { u: ['.numbers', '.numbers[=3]', '.numbers[=4]'], v: ['.numbers[=1]'] },
    },
    {
      name: 'keep duplicates that an apply does not name',
      run: (it) => it.update('u', { numbers: [1, 1, 3] }).apply('a', { numbers: [5] }),
      object: { numbers: [1, 1, 3, 5] },
      owners: { u: ['.numbers', '.numbers[=1]', '.numbers[=3]'], a: ['.numbers[=5]'] },
    },
    {
      name: 'lose duplicates to a forced apply of their value',
      run: (it) => it.update('u', { numbers: [1, 1, 3] }).force('a', { numbers: [1] }),
      object: { numbers: [1, 3] },
      owners: { u: ['.numbers', '.numbers[=3]'], a: ['.numbers[=1]'] },
    },
  ])
})

describe('lists of items with keys', () => {
  cases([
    {
      name: 'are owned item by item and field by field',
      run: (it) =>
        it
          .apply('a', { items: [{ name: 'x', value: 1 }] })
          .apply('b', { items: [{ name: 'x', tags: ['t'] }, { name: 'y' }] })
          .apply('a', {}),
      object: { items: [{ name: 'x', tags: ['t'] }, { name: 'y' }] },
      owners: {
        b: [
          '.items[name="x"]',
          '.items[name="y"]',
          '.items[name="x"].name',
          '.items[name="x"].tags[="t"]',
          '.items[name="y"].name',
        ],
      },
    },
    {
      name: 'lose an item that nobody owns, even if an update owns something in it',
      run: (it) =>
        it
          .apply('a', { items: [{ name: 'x', value: 1 }, { name: 'y' }] })
          .update('u', { items: [{ name: 'x', value: 1, tags: ['t'] }, { name: 'y' }] })
          .apply('a', { items: [{ name: 'y' }] }),
      object: { items: [{ name: 'y' }] },
      owners: {
        a: ['.items[name="y"]', '.items[name="y"].name'],
      },
    },
    {
      name: 'replace an item whose key changes',
      run: (it) =>
        it
          .apply('a', { items: [{ name: 'x', tags: ['b', 'c'] }] })
          .apply('a', { items: [{ name: 'y', tags: ['a', 'c'] }] }),
      object: { items: [{ name: 'y', tags: ['a', 'c'] }] },
      owners: {
        a: [
          '.items[name="y"]',
          '.items[name="y"].name',
          '.items[name="y"].tags[="a"]',
          '.items[name="y"].tags[="c"]',
        ],
      },
    },
    {
      name: 'take the defaults of missing keys, and the item is the same with and without',
      run: (it) =>
        it
          .apply('a', { pairs: [{ b: 1, value: 'v' }] })
          .apply('b', { pairs: [{ a: 'A', b: 1 }, { a: 'B', b: 1 }, { b: 2 }] }),
      object: { pairs: [{ a: 'A', b: 1, value: 'v' }, { a: 'B', b: 1 }, { b: 2 }] },
      owners: {
        a: ['.pairs[a="A",b=1]', '.pairs[a="A",b=1].b', '.pairs[a="A",b=1].value'],
        b: [
          '.pairs[a="A",b=1]',
          '.pairs[a="A",b=2]',
          '.pairs[a="B",b=1]',
          '.pairs[a="A",b=1].a',
          '.pairs[a="A",b=1].b',
          '.pairs[a="A",b=2].b',
          '.pairs[a="B",b=1].a',
          '.pairs[a="B",b=1].b',
        ],
      },
    },
    {
      name: 'identify an item by the keys it has if others have no default',
      run: (it) => it.apply('a', { pairs: [{ a: 'B' }, {}] }),
      owners: { a: ['.pairs[a="A"]', '.pairs[a="B"]', '.pairs[a="B"].a'] },
    },
  ])
})

describe('maps and structs', () => {
  cases([
    {
      name: 'elements of a map are owned with what is in them, fields of a struct are not',
      run: (it) => it.apply('a', { lists: { x: ['i'] }, maps: { y: { z: '1' } }, struct: { name: 'n' } }),
      owners: { a: ['.lists.x', '.lists.x[="i"]', '.maps.y', '.maps.y.z', '.struct.name'] },
    },
    {
      name: 'a struct goes with the last of its fields',
      run: (it) => it.apply('a', { struct: { name: 'n', value: 1 } }).apply('a', {}),
      object: {},
      owners: {},
    },
    {
      name: 'a struct keeps the fields that an update added',
      run: (it) =>
        it
          .apply('a', { struct: { name: 'n' } })
          .update('u', { struct: { name: 'n', value: 1 } })
          .apply('a', {}),
      object: { struct: { value: 1 } },
      owners: { u: ['.struct.value'] },
    },
    {
      name: 'empty maps and null are owned as they are',
      run: (it) => it.apply('a', { map: {}, struct: null }),
      object: { map: {}, struct: null },
      owners: { a: ['.map', '.struct'] },
    },
    {
      name: 'an element keeps what others own deeper in it',
      run: (it) =>
        it
          .apply('a', { recursive: { a: { b: { c: {} } } } })
          .apply('b', { recursive: { a: { b: { d: {} } } } })
          .apply('a', {}),
      object: { recursive: { a: { b: { d: {} } } } },
      owners: { b: ['.recursive.a', '.recursive.a.b', '.recursive.a.b.d'] },
    },
    {
      name: 'atomic maps and structs are owned as a whole',
      run: (it) =>
        it
          .apply('a', { atomicMap: { x: '1', y: '2' }, atomicStruct: { a: 'a' } })
          .apply('a', { atomicMap: { z: '3' }, atomicStruct: { b: 1 } }),
      object: { atomicMap: { z: '3' }, atomicStruct: { b: 1 } },
      owners: { a: ['.atomicMap', '.atomicStruct'] },
    },
    {
      name: 'atomic lists are owned as a whole',
      run: (it) => it.apply('a', { list: ['a', 'b'] }).apply('a', { list: ['c', 'a'] }),
      object: { list: ['c', 'a'] },
      owners: { a: ['.list'] },
    },
  ])

  test('an atomic value that differs in a part is a conflict as a whole', () => {
    const it = ownership().apply('a', { atomicMap: { x: '1' }, list: ['a'] })
    expect(() => it.apply('b', { atomicMap: { y: '1' }, list: ['b'] })).toThrow(
      'conflicts with "a":\n- .atomicMap\n- .list',
    )
  })
})

describe('values of no known type', () => {
  const untyped = () => new Ownership(deducedType)
  cases(
    [
      {
        name: 'have granular maps and atomic lists',
        run: (it) => it.apply('a', { x: { y: [1, 2], z: 's' } }).apply('b', { x: { w: true } }),
        object: { x: { y: [1, 2], z: 's', w: true } },
        owners: { a: ['.x', '.x.y', '.x.z'], b: ['.x', '.x.w'] },
      },
      {
        name: 'change their kind by force, and what was below goes',
        run: (it) => it.apply('a', { x: { y: 1 } }).force('b', { x: 's' }),
        object: { x: 's' },
        owners: { b: ['.x'] },
      },
      {
        name: 'lose what nobody owns any more',
        run: (it) =>
          it
            .apply('a', { x: { y: 1, z: 2 } })
            .apply('b', { x: { z: 2 } })
            .apply('a', {}),
        object: { x: { z: 2 } },
        owners: { b: ['.x', '.x.z'] },
      },
    ],
    untyped,
  )
})

describe('fields that are reset', () => {
  const reset = fieldSet(fieldPath('numeric'), fieldPath('struct', 'name'))
  const context: MergeContext = {
    apiVersion: 'v1',
    typeOf: () => type,
    convert: (value) => value,
    resetFields: () => reset,
  }
  cases(
    [
      {
        name: 'are not owned by updates',
        run: (it) => it.update('u', { numeric: 1, string: 's', struct: { name: 'n', value: 1 } }),
        owners: { u: ['.string', '.struct', '.struct.value'] },
      },
      {
        name: 'are not owned by applies',
        run: (it) => it.apply('a', { numeric: 1, string: 's', struct: { name: 'n', value: 1 } }),
        owners: { a: ['.string', '.struct.value'] },
      },
    ],
    () => new Ownership(context),
  )

  test('are not taken from who owns them', () => {
    const it = new Ownership(context)
    it.managers.set('other', { fields: fieldSet(fieldPath('numeric')), apiVersion: 'v1', applied: true })
    it.object = { numeric: 1 }
    it.apply('a', { numeric: 2, string: 's' })
    expect(it.owners).toEqual({ other: ['.numeric'], a: ['.string'] })
  })
})

describe('versions', () => {
  const renamed = { v1: 'old', v2: 'new' } as const
  const rename = (value: JsonObject, to: 'v1' | 'v2'): JsonObject => {
    const { old, new: current, ...rest } = value
    const field = old ?? current
    return field === undefined ? rest : { ...rest, [renamed[to]]: field }
  }
  const types: { [version: string]: MergeType } = {
    v1: struct({ old: text, set: setOf(text) }),
    v2: struct({ new: text, set: setOf(text) }),
  }
  const context: MergeContext = {
    apiVersion: 'v1',
    typeOf: (version) => types[version],
    convert: (value, to) => rename(value, to as 'v1' | 'v2'),
  }
  cases(
    [
      {
        name: 'a field that was renamed is removed when it was applied under its old name',
        run: (it) => it.apply('a', { old: 'x', set: ['s'] }).apply('a', { set: ['s'] }, { apiVersion: 'v2' }),
        object: { set: ['s'] },
        owners: { a: ['.set[="s"]'] },
      },
      {
        name: 'it stays when another manager owns it under its new name',
        run: (it) =>
          it.apply('a', { old: 'x' }).apply('b', { new: 'x' }, { apiVersion: 'v2' }).apply('a', {}),
        object: { old: 'x' },
        owners: { b: ['.new'] },
      },
      {
        name: 'an update under its new name takes it from the owner of the old one',
        run: (it) => it.apply('a', { old: 'x', set: ['s'] }).update('u', { new: 'y', set: ['s'] }, 'v2'),
        object: { old: 'y', set: ['s'] },
        owners: { a: ['.set[="s"]'], u: ['.new'] },
      },
    ],
    () => new Ownership(context),
  )

  test('managers of versions that are gone are forgotten', () => {
    const it = new Ownership(context).apply('a', { old: 'x' })
    it.managers.set('b', { fields: fieldSet(fieldPath('old')), apiVersion: 'v0', applied: true })
    expect(it.apply('a', { old: 'y' }).owners).toEqual({ a: ['.old'] })
  })
})

describe('a type that has changed', () => {
  const before = struct({ m: mapOf(text), l: setOf(text), s: struct({ a: text, b: text }), k: text })
  const after = struct({
    m: mapOf(text, 'atomic'),
    l: atomicListOf(text),
    s: struct({ a: text, b: text }, 'atomic'),
    k: text,
  })
  const value = { m: { x: '1' }, l: ['i'], s: { a: 'a' }, k: 'k' }
  const now = (type: MergeType, earlier: Ownership) =>
    Object.assign(new Ownership(type), { object: earlier.object, managers: earlier.managers })

  test('to atomic makes who owned a part own the whole', () => {
    const it = now(after, new Ownership(before).apply('a', value).apply('b', { m: { y: '2' } }))
    expect(it.apply('c', { k: 'k' }).owners).toEqual({
      a: ['.k', '.l', '.m', '.s'],
      b: ['.m'],
      c: ['.k'],
    })
  })

  test('to granular leaves the whole with who owned it, and an apply owns the parts', () => {
    const it = now(before, new Ownership(after).apply('a', value))
    expect(it.owners).toEqual({ a: ['.k', '.l', '.m', '.s'] })
    expect(it.apply('b', { m: { y: '2' }, s: { b: 'b' } }).owners).toEqual({
      a: ['.k', '.l', '.m', '.s'],
      b: ['.m.y', '.s.b'],
    })
  })

  test('by a new key with a default keeps its items', () => {
    const item = struct({ name: text, protocol: text, value: text })
    const byName = struct({ items: listMapOf(item, ['name']) })
    const byBoth = struct({ items: listMapOf(item, ['name', 'protocol'], { protocol: 'TCP' }) })
    const it = now(byBoth, new Ownership(byName).apply('a', { items: [{ name: 'x', value: '1' }] }))
    it.apply('a', {
      items: [
        { name: 'x', value: '1' },
        { name: 'x', protocol: 'UDP' },
      ],
    })
    expect(it.object).toEqual({
      items: [
        { name: 'x', value: '1' },
        { name: 'x', protocol: 'UDP' },
      ],
    })
  })
})
