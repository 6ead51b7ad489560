import { expect, test } from 'vitest'
import type { Unstructured } from './meta.ts'
import { NotRegisteredError, Scheme } from './scheme.ts'

const item = { group: 'inventory.k1s.dev', version: 'v1', kind: 'Item', plural: 'items' }
const itemBeta = { ...item, version: 'v1beta1' }
const configMap = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps' }

test('a scheme maps kinds to descriptors and back', () => {
  const scheme = new Scheme<typeof item>().register(item, configMap)
  expect(scheme.recognizes({ group: 'inventory.k1s.dev', version: 'v1', kind: 'Item' })).toBe(true)
  expect(scheme.recognizes(itemBeta)).toBe(false)
  expect(scheme.descriptorFor({ group: '', version: 'v1', kind: 'ConfigMap' })).toBe(configMap)
  expect(scheme.descriptorOf({ apiVersion: 'inventory.k1s.dev/v1', kind: 'Item' }).plural).toBe('items')
  expect(scheme.allKnownTypes()).toEqual([item, configMap])
})

test('a kind that is not registered is reported in the words of Kubernetes', () => {
  const scheme = new Scheme('test')
  expect(() => scheme.descriptorFor(item)).toThrow(
    'no kind "Item" is registered for version "inventory.k1s.dev/v1" in scheme "test"',
  )
  expect(() => scheme.descriptorOf({ apiVersion: 'v1', kind: 'Pod' })).toThrow(
    'no kind "Pod" is registered for version "v1" in scheme "test"',
  )
  expect(() => scheme.descriptorOf({ apiVersion: 'v1', kind: '' })).toThrow(
    'no version "v1" has been registered in scheme "test"',
  )
  expect(() => scheme.addTypeDefaultingFunc(item, () => undefined)).toThrow(NotRegisteredError)
})

test('a kind is registered once, though as often as one likes', () => {
  const scheme = new Scheme('test').register(item).register(item)
  expect(scheme.allKnownTypes()).toEqual([item])
  expect(() => scheme.register({ ...item })).toThrow(
    'Double registration of different types for inventory.k1s.dev/v1, Kind=Item in scheme "test"',
  )
  expect(() => scheme.register({ ...item, version: '' })).toThrow(
    'version and kind are required on all types: inventory.k1s.dev/, Kind=Item',
  )
})

test('versions of a group come in order of priority, then of registration', () => {
  const scheme = new Scheme().register(itemBeta, item, { ...item, version: 'v2' }, configMap)
  const versions = () => scheme.versionsForGroup('inventory.k1s.dev').map(({ version }) => version)
  expect(versions()).toEqual(['v1beta1', 'v1', 'v2'])
  scheme.setVersionPriority(item)
  expect(versions()).toEqual(['v1', 'v1beta1', 'v2'])
  expect(scheme.versionsForGroup('apps')).toEqual([])
  expect(() => scheme.setVersionPriority(item, configMap)).toThrow(
    'must register versions for exactly one group: , inventory.k1s.dev',
  )
})

test('defaults are set by the function of the kind', () => {
  const scheme = new Scheme().register(item, configMap)
  scheme.addTypeDefaultingFunc(item, (object) => {
    object.spec ??= { quantity: 1 }
  })
  const object: Unstructured = { apiVersion: 'inventory.k1s.dev/v1', kind: 'Item', metadata: {} }
  scheme.default(object)
  expect(object.spec).toEqual({ quantity: 1 })
  const other: Unstructured = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }
  scheme.default(other)
  expect(other).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} })
})
