import { describe, expect, test } from 'vitest'
import { coreResources, discovered, inventoryResources } from '../../test/fake-transport.ts'
import { createRestMapper } from './discovery-rest-mapper.ts'
import type { RestMapping } from './rest-mapper.ts'

const otherItems = discovered({ name: 'items', kind: 'Item', group: 'other.dev', shortNames: ['it'] })
const mapper = createRestMapper([otherItems, ...inventoryResources, ...coreResources])
const inventory = createRestMapper([...inventoryResources, ...coreResources])

function describeMapping({ plural, version, group }: RestMapping): string {
  return [plural, version, ...(group === '' ? [] : [group])].join('.')
}

describe('arguments', () => {
  test.each([
    ['configmaps', 'configmaps.v1'],
    ['configmap', 'configmaps.v1'],
    ['cm', 'configmaps.v1'],
    ['ConfigMap', 'configmaps.v1'],
    ['CONFIGMAPS', 'configmaps.v1'],
    ['configmaps.v1.', 'configmaps.v1'],
    ['items.inventory.k1s.dev', 'items.v1.inventory.k1s.dev'],
    ['it.inventory.k1s.dev', 'items.v1.inventory.k1s.dev'],
    ['items.inventory', 'items.v1.inventory.k1s.dev'],
    ['items.v1beta1.inventory.k1s.dev', 'items.v1beta1.inventory.k1s.dev'],
    ['Item.v1beta1.inventory.k1s.dev', 'items.v1beta1.inventory.k1s.dev'],
    ['category', 'categories.v1.inventory.k1s.dev'],
    ['items', 'items.v1.other.dev'],
  ])('%s is %s', (argument, expected) => {
    expect(describeMapping(mapper.mappingFor(argument))).toBe(expected)
  })

  test('the core group comes before others', () => {
    expect(describeMapping(mapper.mappingFor('ev'))).toBe('events.v1')
    expect(describeMapping(mapper.mappingFor('events.events.k8s.io'))).toBe('events.v1.events.k8s.io')
  })

  test('a short name that several resources claim is warned about', () => {
    const warnings: string[] = []
    createRestMapper([...inventoryResources, otherItems], (text) => warnings.push(text)).mappingFor('it')
    expect(warnings).toEqual(['short name "it" could also match lower priority resource items.other.dev'])
  })

  test.each([
    ['itemz', 'the server doesn\'t have a resource type "itemz"\nDid you mean "items"?'],
    ['cnofigmap', 'the server doesn\'t have a resource type "cnofigmap"\nDid you mean "configmaps"?'],
    ['itemz.inventory.k1s.dev', 'the server doesn\'t have a resource type "itemz"\nDid you mean "items"?'],
    [
      'items.v9.inventory.k1s.dev',
      'the server doesn\'t have a resource type "items"\nitems.inventory.k1s.dev is served in v1, v1beta1',
    ],
    [
      'items.v1.elsewhere.dev',
      'the server doesn\'t have a resource type "items"\nDid you mean "items.other.dev" or "items.inventory.k1s.dev"?',
    ],
    ['configmaps.elsewhere.dev', 'the server doesn\'t have a resource type "configmaps"'],
    ['deployments', 'the server doesn\'t have a resource type "deployments"'],
    ['', 'the server doesn\'t have a resource type ""'],
  ])('%s is unknown', (argument, message) => {
    expect(() => mapper.mappingFor(argument)).toThrow(expect.objectContaining({ message }))
  })
})

describe('kinds', () => {
  test('resolve with or without a version', () => {
    const kind = { group: 'inventory.k1s.dev', kind: 'Item' }
    expect(describeMapping(inventory.mappingForKind(kind))).toBe('items.v1.inventory.k1s.dev')
    expect(describeMapping(inventory.mappingForKind({ ...kind, version: 'v1beta1' }))).toBe(
      'items.v1beta1.inventory.k1s.dev',
    )
  })

  test.each([
    [{ group: '', version: 'v1', kind: 'Item' }, 'Did you mean "inventory.k1s.dev/v1 Item"?'],
    [
      { group: 'inventory.k1s.dev', version: 'v1', kind: 'Itme' },
      'Did you mean "inventory.k1s.dev/v1 Item"?',
    ],
    [
      { group: 'inventory.k1s.dev', version: 'v9', kind: 'Item' },
      'Item is served in inventory.k1s.dev/v1, inventory.k1s.dev/v1beta1',
    ],
    [{ group: 'apps', version: 'v1', kind: 'Deployment' }, undefined],
  ])('%j is unknown, with the hint %j', (kind, hint) => {
    const version = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
    expect(() => inventory.mappingForKind(kind)).toThrow(
      expect.objectContaining({
        message: `no matches for kind "${kind.kind}" in version "${version}"`,
        hint,
      }),
    )
  })
})

test('categories expand to their members, with groups', () => {
  expect(inventory.expandCategory('inventory')).toEqual([
    'items.inventory.k1s.dev',
    'categories.inventory.k1s.dev',
  ])
  expect(inventory.expandCategory('items')).toBeUndefined()
  expect(createRestMapper([], () => undefined).expandCategory('all')).toEqual([])
})
