import type { KubernetesObject } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { addFinalizer, containsFinalizer, removeFinalizer } from './finalizers.ts'

test.each<[string[] | undefined, boolean, string[]]>([
  [undefined, true, ['k1s.dev/a']],
  [['k1s.dev/b'], true, ['k1s.dev/b', 'k1s.dev/a']],
  [['k1s.dev/a', 'k1s.dev/b'], false, ['k1s.dev/a', 'k1s.dev/b']],
])('addFinalizer to %j tells %j and leaves %j', (finalizers, changed, expected) => {
  const object = objectWith(finalizers)
  expect(addFinalizer(object, 'k1s.dev/a')).toBe(changed)
  expect(object.metadata.finalizers).toEqual(expected)
})

test.each<[string[] | undefined, boolean, string[] | undefined]>([
  [undefined, false, undefined],
  [['k1s.dev/b'], false, ['k1s.dev/b']],
  [['k1s.dev/a'], true, undefined],
  [['k1s.dev/a', 'k1s.dev/b', 'k1s.dev/a'], true, ['k1s.dev/b']],
])('removeFinalizer from %j tells %j and leaves %j', (finalizers, changed, expected) => {
  const object = objectWith(finalizers)
  expect(removeFinalizer(object, 'k1s.dev/a')).toBe(changed)
  expect(object.metadata.finalizers).toEqual(expected)
})

test('containsFinalizer tells whether it is there', () => {
  expect(containsFinalizer(objectWith(['k1s.dev/a']), 'k1s.dev/a')).toBe(true)
  expect(containsFinalizer(objectWith(['k1s.dev/b']), 'k1s.dev/a')).toBe(false)
  expect(containsFinalizer(objectWith(undefined), 'k1s.dev/a')).toBe(false)
})

function objectWith(finalizers: string[] | undefined): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ...(finalizers && { finalizers }) } }
}
