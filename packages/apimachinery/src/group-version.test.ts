import { expect, test } from 'vitest'
import {
  formatGroupKind,
  formatGroupResource,
  formatGroupVersion,
  formatGroupVersionKind,
  formatGroupVersionResource,
  groupVersionKindOf,
  parseGroupKind,
  parseGroupResource,
  parseGroupVersion,
  parseKindArg,
  parseResourceArg,
} from './group-version.ts'

test.each([
  ['', { group: '', version: '' }],
  ['/', { group: '', version: '' }],
  ['v1', { group: '', version: 'v1' }],
  ['apps/v1', { group: 'apps', version: 'v1' }],
  ['/v1', { group: '', version: 'v1' }],
  ['apps/', { group: 'apps', version: '' }],
])('the group version %j is parsed', (text, expected) => {
  expect(parseGroupVersion(text)).toEqual(expected)
})

test('a group version with two slashes is refused in the words of Kubernetes', () => {
  expect(() => parseGroupVersion('a/b/c')).toThrow('unexpected GroupVersion string: a/b/c')
})

test('group versions are printed as apiVersion has them', () => {
  expect(formatGroupVersion({ group: '', version: 'v1' })).toBe('v1')
  expect(formatGroupVersion({ group: 'apps', version: 'v1' })).toBe('apps/v1')
})

test('an object tells its group, version and kind', () => {
  expect(groupVersionKindOf({ apiVersion: 'apps/v1', kind: 'Deployment' })).toEqual({
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
  })
})

test('kinds and resources are printed as Go prints them', () => {
  expect(formatGroupVersionKind({ group: '', version: 'v1', kind: 'Pod' })).toBe('/v1, Kind=Pod')
  expect(formatGroupVersionResource({ group: 'apps', version: 'v1', resource: 'deployments' })).toBe(
    'apps/v1, Resource=deployments',
  )
  expect(formatGroupResource({ group: '', resource: 'pods' })).toBe('pods')
  expect(formatGroupResource({ group: 'apps', resource: 'deployments' })).toBe('deployments.apps')
  expect(formatGroupKind({ group: '', kind: 'Pod' })).toBe('Pod')
  expect(formatGroupKind({ group: 'apps', kind: 'Deployment' })).toBe('Deployment.apps')
})

test('the first dot separates a resource or kind from its group', () => {
  expect(parseGroupResource('pods')).toEqual({ group: '', resource: 'pods' })
  expect(parseGroupResource('items.inventory.k1s.dev')).toEqual({
    group: 'inventory.k1s.dev',
    resource: 'items',
  })
  expect(parseGroupKind('Item.inventory.k1s.dev')).toEqual({ group: 'inventory.k1s.dev', kind: 'Item' })
})

test('a resource or kind argument with two dots may name a version', () => {
  expect(parseResourceArg('deployments.apps')).toEqual({ gr: { group: 'apps', resource: 'deployments' } })
  expect(parseResourceArg('deployments.v1.apps')).toEqual({
    gvr: { group: 'apps', version: 'v1', resource: 'deployments' },
    gr: { group: 'v1.apps', resource: 'deployments' },
  })
  expect(parseKindArg('Item.v1.inventory.k1s.dev')).toEqual({
    gvk: { group: 'inventory.k1s.dev', version: 'v1', kind: 'Item' },
    gk: { group: 'v1.inventory.k1s.dev', kind: 'Item' },
  })
})
