import type { KubernetesObject, LabelSelector, ObjectMeta, Unstructured } from '@k1s/apimachinery'
import { describe, expect, test, vi } from 'vitest'
import { annotationChanged, generationChanged, labelChanged, resourceVersionChanged } from './changed.ts'
import { labelSelectorPredicate } from './label-selector-predicate.ts'
import { and, not, or } from './logic.ts'
import type { Predicate } from './predicate.ts'
import { predicateFuncs } from './predicate-funcs.ts'

const types = ['create', 'update', 'delete', 'generic'] as const
type EventType = (typeof types)[number]

describe.each([
  ['resourceVersionChanged', resourceVersionChanged],
  ['generationChanged', generationChanged],
  ['annotationChanged', annotationChanged],
  ['labelChanged', labelChanged],
])('%s', (_, predicate) => {
  test('lets all events through but updates of nothing', () => {
    expect(letsThrough(predicate)).toEqual(['create', 'delete', 'generic'])
  })
})

test.each<[string, Predicate<KubernetesObject>, ObjectMeta, ObjectMeta, boolean]>([
  [
    'resourceVersionChanged',
    resourceVersionChanged,
    { resourceVersion: '1' },
    { resourceVersion: '1' },
    false,
  ],
  [
    'resourceVersionChanged',
    resourceVersionChanged,
    { resourceVersion: '1' },
    { resourceVersion: '2' },
    true,
  ],
  ['generationChanged', generationChanged, { generation: 1 }, { generation: 1, labels: { a: '1' } }, false],
  ['generationChanged', generationChanged, { generation: 1 }, { generation: 2 }, true],
  ['generationChanged', generationChanged, {}, { generation: 0 }, false],
  ['annotationChanged', annotationChanged, { annotations: { a: '1' } }, { annotations: { a: '1' } }, false],
  ['annotationChanged', annotationChanged, { annotations: { a: '1' } }, { annotations: { a: '2' } }, true],
  [
    'annotationChanged',
    annotationChanged,
    { annotations: { a: '1' } },
    { annotations: { a: '1', b: '1' } },
    true,
  ],
  [
    'annotationChanged',
    annotationChanged,
    { annotations: { a: '1', b: '1' } },
    { annotations: { a: '1' } },
    true,
  ],
  ['annotationChanged', annotationChanged, { annotations: { a: '1' } }, { annotations: { b: '1' } }, true],
  ['annotationChanged', annotationChanged, { annotations: {} }, {}, false],
  ['annotationChanged', annotationChanged, { labels: { a: '1' } }, { labels: { a: '2' } }, false],
  ['labelChanged', labelChanged, { labels: { a: '1' } }, { labels: { a: '1' } }, false],
  ['labelChanged', labelChanged, { labels: { a: '1' } }, { labels: { a: '2' } }, true],
  ['labelChanged', labelChanged, {}, { labels: { a: '' } }, true],
  ['labelChanged', labelChanged, { labels: { constructor: 'a' } }, { labels: { a: 'a' } }, true],
])('%s of an update from %3$j to %4$j', (_, predicate, before, after, expected) => {
  const event = { objectOld: objectWith(before), objectNew: objectWith(after) }
  expect(predicate.update?.(event)).toBe(expected)
})

describe('and, or, not', () => {
  const pass = predicateFuncs(() => true)
  const fail = predicateFuncs(() => false)
  const onlyCreate: Predicate = { update: () => false, delete: () => false, generic: () => false }
  const onlyDelete: Predicate = { create: () => false, update: () => false, generic: () => false }

  test.each<[string, Predicate, EventType[]]>([
    ['and of two that pass', and(pass, pass), [...types]],
    ['and with one that fails', and(pass, fail), []],
    ['and of none', and(), [...types]],
    ['and of different events', and(onlyCreate, onlyDelete), []],
    ['and of one that leaves all out', and({}), [...types]],
    ['or of two that fail', or(fail, fail), []],
    ['or with one that passes', or(fail, pass), [...types]],
    ['or of none', or(), []],
    ['or of different events', or(onlyCreate, onlyDelete), ['create', 'delete']],
    ['or of one that leaves all out', or({}), [...types]],
    ['not of one that passes', not(pass), []],
    ['not of one that fails', not(fail), [...types]],
    ['not of one for one event', not(onlyCreate), ['update', 'delete', 'generic']],
  ])('%s', (_, predicate, expected) => {
    expect(letsThrough(predicate)).toEqual(expected)
  })

  test('and asks no further than the first that fails, or than the first that passes', () => {
    const never = vi.fn(() => true)
    and(fail, predicateFuncs(never)).create?.({ object: objectWith({}), isInInitialList: false })
    or(pass, predicateFuncs(never)).create?.({ object: objectWith({}), isInInitialList: false })
    expect(never).not.toHaveBeenCalled()
  })
})

test('predicateFuncs looks at the new object of an update', () => {
  const predicate = predicateFuncs(({ metadata }) => metadata.name === 'new')
  const [old, new_] = [objectWith({ name: 'old' }), objectWith({ name: 'new' })]
  expect(predicate.update?.({ objectOld: old, objectNew: new_ })).toBe(true)
  expect(predicate.update?.({ objectOld: new_, objectNew: old })).toBe(false)
  expect(predicate.delete?.({ object: new_, deleteStateUnknown: true })).toBe(true)
})

describe('labelSelectorPredicate', () => {
  test.each<[LabelSelector, boolean]>([
    [{ matchLabels: { foo: 'bar' } }, true],
    [{ matchLabels: { foo: 'baz' } }, false],
    [{ matchExpressions: [{ key: 'foo', operator: 'Exists' }] }, true],
    [{}, true],
  ])('with %j', (selector, expected) => {
    const object = objectWith({ labels: { foo: 'bar' } })
    expect(labelSelectorPredicate(selector).create?.({ object, isInInitialList: false })).toBe(expected)
  })

  test('refuses what is no selector', () => {
    expect(() => labelSelectorPredicate({ matchLabels: { '-': 'a' } })).toThrow('name part must consist of')
  })
})

function objectWith(metadata: ObjectMeta): Unstructured {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata }
}

/** Which events of an object that did not change. */
function letsThrough(predicate: Predicate): EventType[] {
  const object = objectWith({ name: 'foo', resourceVersion: '1', generation: 1 })
  const answers = {
    create: predicate.create?.({ object, isInInitialList: false }),
    update: predicate.update?.({ objectOld: object, objectNew: object }),
    delete: predicate.delete?.({ object, deleteStateUnknown: false }),
    generic: predicate.generic?.({ object }),
  }
  return types.filter((type) => answers[type] ?? true)
}
