import type { Unstructured, WatchEvent } from '@k1s/apimachinery'
import { defineKind, type Kind, mergePatch } from '@k1s/core'
import { describe, expect, test, vi } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Namespaces, namespace, ServiceAccounts, secret } from './kinds.ts'

interface ResourceQuota extends Unstructured {
  spec: { hard?: { [name: string]: unknown }; scopes?: string[]; scopeSelector?: unknown }
  status?: { hard?: { [name: string]: string }; used?: { [name: string]: string } }
}

const ResourceQuotas: Kind<ResourceQuota> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
}

const quota = (name: string, hard: ResourceQuota['spec']['hard'], rest: object = {}): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name, namespace: 'default' },
  spec: { ...(hard !== undefined && { hard }), ...rest },
})

const Items = defineKind<Unstructured>({
  group: 'inventory.k1s.dev',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
})

const item = (name: string): Unstructured => ({
  apiVersion: 'inventory.k1s.dev/v1',
  kind: 'Item',
  metadata: { name, namespace: 'default' },
})

onEachStore((opened) => {
  const used = async (name = 'limits') => (await opened.client.get(ResourceQuotas, { name })).status?.used

  describe('a ResourceQuota', () => {
    test('counts what is there when it is created', async () => {
      await opened.client.create(configMap('a'))
      await opened.client.create(quota('limits', { configmaps: 5, 'count/secrets': '2', pods: '3' }))
      const { status } = await opened.client.get(ResourceQuotas, { name: 'limits' })
      expect(status).toEqual({
        hard: { configmaps: '5', 'count/secrets': '2', pods: '3' },
        used: { configmaps: '1', 'count/secrets': '0', pods: '0' },
      })
    })

    test('refuses one object too many, with what was used and what is allowed', async () => {
      await opened.client.create(quota('limits', { 'count/configmaps': '2', configmaps: '2' }))
      await opened.client.create(configMap('a'))
      await opened.client.create(configMap('b'))
      expect(await failure(opened.client.create(configMap('c')))).toMatchObject({
        code: 403,
        reason: 'Forbidden',
        message:
          'configmaps "c" is forbidden: exceeded quota: limits, requested: configmaps=1,count/configmaps=1, used: configmaps=2,count/configmaps=2, limited: configmaps=2,count/configmaps=2',
      })
      expect(await used()).toEqual({ 'count/configmaps': '2', configmaps: '2' })
      await opened.client.create(secret('other-kinds-are-free'))
    })

    test('limits kinds that the application brings, by resource and group', async () => {
      opened.runtime.registerAPI(Items)
      await opened.client.create(quota('limits', { 'count/items.inventory.k1s.dev': '1' }))
      await opened.client.create(item('a'))
      expect((await failure(opened.client.create(item('b')))).message).toBe(
        'items.inventory.k1s.dev "b" is forbidden: exceeded quota: limits, requested: count/items.inventory.k1s.dev=1, used: count/items.inventory.k1s.dev=1, limited: count/items.inventory.k1s.dev=1',
      )
    })

    test('has room again when an object is gone, by whatever way', async () => {
      await opened.client.create(quota('limits', { configmaps: '2' }))
      const owner = await opened.client.create(configMap('owner'))
      const { uid = '' } = owner.metadata
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }]
      await opened.client.create(configMap('dependent', { metadata: { ownerReferences } }))
      expect(await used()).toEqual({ configmaps: '2' })
      await opened.client.delete(owner)
      expect(await used()).toEqual({ configmaps: '0' })

      await opened.client.create(configMap('held', { metadata: { finalizers: ['example.com/hold'] } }))
      await opened.client.delete(configMap('held'))
      expect(await used()).toEqual({ configmaps: '1' })
      await opened.client.patch(configMap('held'), mergePatch({ metadata: { finalizers: null } }))
      expect(await used()).toEqual({ configmaps: '0' })

      await opened.client.create(configMap('a'))
      await opened.client.deleteCollection(ConfigMaps)
      expect(await used()).toEqual({ configmaps: '0' })
    })

    test('never gives its last places to more than fit, however many want them at once', async () => {
      await opened.client.create(quota('limits', { configmaps: '10' }))
      const creations = Array.from({ length: 50 }, (_, index) =>
        opened.client.create(configMap(`c-${index}`)),
      )
      const results = await Promise.allSettled(creations)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
      expect((await opened.client.list(ConfigMaps, { namespace: 'default' })).items).toHaveLength(10)
      expect(await used()).toEqual({ configmaps: '10' })
    })

    test('counts the ServiceAccount that comes back by itself', async () => {
      await opened.client.create(quota('limits', { 'count/serviceaccounts': '1' }))
      await opened.client.delete(ServiceAccounts, { name: 'default' })
      expect(await used()).toEqual({ 'count/serviceaccounts': '0' })
      await opened.client.patch(namespace('default'), mergePatch({ metadata: { labels: { a: 'b' } } }))
      await opened.client.get(ServiceAccounts, { name: 'default' })
      expect(await used()).toEqual({ 'count/serviceaccounts': '1' })
    })

    test('has room again for a kind whose objects expire', async () => {
      opened.runtime.registerAPI({ ...Items, strategy: { ttl: () => 0.05 } })
      await opened.client.create(quota('limits', { 'count/items.inventory.k1s.dev': '1' }))
      await opened.client.create(item('a'))
      await vi.waitFor(() => opened.client.create(item('b')), 5_000)
      expect(await used()).toEqual({ 'count/items.inventory.k1s.dev': '1' })
    })

    test('charges nothing for what is refused for another reason', async () => {
      await opened.client.create(quota('limits', { configmaps: '5' }))
      await opened.client.create(configMap('a'))
      expect((await failure(opened.client.create(configMap('a')))).reason).toBe('AlreadyExists')
      expect((await failure(opened.client.create(configMap('b', { data: { '/': '' } })))).code).toBe(422)
      await opened.client.create(configMap('c'), { dryRun: true })
      expect(await used()).toEqual({ configmaps: '1' })
    })

    test('refuses a dry run as it would the write', async () => {
      await opened.client.create(quota('limits', { configmaps: '1' }))
      await opened.client.create(configMap('a'), { dryRun: true })
      await opened.client.create(configMap('a'))
      expect((await failure(opened.client.create(configMap('b'), { dryRun: true }))).message).toBe(
        'configmaps "b" is forbidden: exceeded quota: limits, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
      )
    })

    test('counts itself and other quotas', async () => {
      await opened.client.create(quota('limits', { resourcequotas: '2' }))
      expect(await used()).toEqual({ resourcequotas: '1' })
      await opened.client.create(quota('second', { configmaps: '1' }))
      expect(await used()).toEqual({ resourcequotas: '2' })
      expect((await failure(opened.client.create(quota('third', {})))).message).toBe(
        'resourcequotas "third" is forbidden: exceeded quota: limits, requested: resourcequotas=1, used: resourcequotas=2, limited: resourcequotas=2',
      )
      await opened.client.delete(quota('second', {}))
      expect(await used()).toEqual({ resourcequotas: '1' })
    })

    test('must be kept by all quotas of the namespace, and no others', async () => {
      await opened.client.create(quota('limits', { configmaps: '5' }))
      await opened.client.create(quota('narrow', { 'count/configmaps': '1' }))
      await opened.client.create(configMap('a'))
      expect((await failure(opened.client.create(configMap('b')))).message).toContain(
        'exceeded quota: narrow,',
      )
      expect(await used()).toEqual({ configmaps: '1' })
      await opened.client.create(namespace('elsewhere'))
      const other = configMap('b', { metadata: { namespace: 'elsewhere' } })
      await opened.client.create(other)
    })

    test('measures anew when its limits change, and when its status is written', async () => {
      const created = await opened.client.create(quota('limits', { configmaps: '1' }))
      await opened.client.create(configMap('a'))
      await opened.client.patch(created, mergePatch({ spec: { hard: { configmaps: '0', secrets: '7' } } }))
      expect((await opened.client.get(ResourceQuotas, { name: 'limits' })).status).toEqual({
        hard: { configmaps: '0', secrets: '7' },
        used: { configmaps: '1', secrets: '0' },
      })
      await opened.client.status.patch(created, mergePatch({ status: { used: { configmaps: '0' } } }))
      expect(await used()).toEqual({ configmaps: '1', secrets: '0' })
    })

    test('is modified with every object that it counts', async () => {
      const { metadata } = await opened.client.create(quota('limits', { configmaps: '5' }))
      const events: (string | undefined)[] = []
      const watched = opened.client.watch(ResourceQuotas, {
        namespace: 'default',
        resourceVersion: metadata.resourceVersion!,
      })
      await opened.client.create(configMap('a'))
      await opened.client.delete(configMap('a'))
      for await (const event of watched as AsyncIterable<WatchEvent<ResourceQuota>>) {
        events.push(event.type === 'ERROR' ? event.type : event.object.status?.used?.configmaps)
        if (events.length === 3) break
      }
      expect(events).toEqual(['0', '1', '0'])
    })

    test('with a scope counts pods only, of which there are none', async () => {
      await opened.client.create(quota('limits', { pods: '1' }, { scopes: ['BestEffort'] }))
      expect(await used()).toEqual({ pods: '0' })
      const bySelector = {
        scopeSelector: { matchExpressions: [{ scopeName: 'Terminating', operator: 'Exists' }] },
      }
      await opened.client.create(quota('selected', { 'count/configmaps': '0' }, bySelector))
      await opened.client.create(configMap('a'))
      expect(await used('selected')).toEqual({ 'count/configmaps': '0' })
    })

    test('does not stand in the way of deleting its namespace', async () => {
      await opened.client.create(namespace('gone'))
      const inGone = { namespace: 'gone' }
      await opened.client.create({
        ...quota('limits', { configmaps: '5' }),
        metadata: { name: 'limits', ...inGone },
      })
      await opened.client.create(configMap('a', { metadata: inGone }))
      expect(await opened.client.delete(Namespaces, { name: 'gone' })).toBeUndefined()
      expect((await opened.client.list(ResourceQuotas)).items).toEqual([])
    })

    test('does not count Events', async () => {
      await opened.client.create(quota('limits', { 'count/events': '0' }))
      await opened.client.create({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'e', namespace: 'default' },
        involvedObject: { namespace: 'default' },
      } as Unstructured)
      expect(await used()).toEqual({})
    })

    test.each([
      [
        { nothing: '1' },
        {},
        [
          'spec.hard[nothing]: Invalid value: "nothing": must be a standard resource type or fully qualified',
          'spec.hard[nothing]: Invalid value: "nothing": must be a standard resource for quota',
        ],
      ],
      [
        { storage: '1' },
        {},
        ['spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota'],
      ],
      [
        { configmaps: '-1' },
        {},
        ['spec.hard[configmaps]: Invalid value: "-1": must be greater than or equal to 0'],
      ],
      [
        { 'count/secrets': '1500m' },
        {},
        ['spec.hard[count/secrets]: Invalid value: "1500m": must be an integer'],
      ],
      [
        { configmaps: '1' },
        { scopes: ['BestEffort'] },
        ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
      ],
      [
        { pods: '1' },
        { scopes: ['Terminating', 'NotTerminating'] },
        ['spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes'],
      ],
      [{ pods: '1' }, { scopes: ['Mine'] }, ['spec.scopes: Invalid value: ["Mine"]: unsupported scope']],
      [
        { pods: '1' },
        { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } },
        [
          "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
        ],
      ],
    ])('with the limits %j and %j is invalid', async (hard, rest, why) => {
      const { message } = await failure(opened.client.create(quota('limits', hard, rest)))
      const all = why.length === 1 ? why[0] : `[${why.join(', ')}]`
      expect(message).toBe(`ResourceQuota "limits" is invalid: ${all}`)
    })

    test('keeps its scopes', async () => {
      await opened.client.create(quota('limits', { pods: '1' }, { scopes: ['BestEffort'] }))
      const stored = await opened.client.get(ResourceQuotas, { name: 'limits' })
      const changed = { ...stored, spec: { hard: { pods: '1' }, scopes: ['Terminating'] } }
      expect((await failure(opened.client.update(changed))).message).toBe(
        'ResourceQuota "limits" is invalid: spec.scopes: Invalid value: ["Terminating"]: field is immutable',
      )
    })

    test('warns of requests above the limits', async () => {
      const warnings: string[] = []
      const hard = { 'requests.cpu': '2', 'limits.cpu': '1500m', memory: '1Gi', 'limits.memory': '2Gi' }
      await opened.client.create(quota('limits', hard), { onWarning: (text) => warnings.push(text) })
      expect(warnings).toEqual(['ResourceQuota requests.cpu (2) should be less than limits.cpu (1500m)'])
    })

    test('is shown with what is used of it', async () => {
      await opened.client.create(
        quota('limits', { configmaps: '5', 'limits.cpu': '2', 'count/secrets': '3' }),
      )
      const { columnDefinitions, rows } = await opened.client.table(ResourceQuotas)
      expect(columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Request', 'Limit', 'Age'])
      expect(rows[0]?.cells.slice(0, 3)).toEqual([
        'limits',
        'configmaps: 0/5, count/secrets: 0/3',
        'limits.cpu: 0/2',
      ])
    })
  })
})
