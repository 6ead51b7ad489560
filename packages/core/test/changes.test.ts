import { isBadRequest } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { apiRequest, failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, type Item, Items, item, itemDefinition, itemSchema } from './kinds.ts'

const request = apiRequest({ verb: 'watch', resource: 'configmaps', options: { resourceVersion: '1' } })

onEachStore((opened) => {
  test('changes are those of the tenant', async () => {
    const other = await opened.runtime.clientFor({ tenant: 'other' })
    const { metadata } = await opened.client.list(ConfigMaps)
    await other.create(configMap('theirs'))
    await opened.client.create(configMap('ours'))
    const { changes } = await opened.client.changes(ConfigMaps, {
      resourceVersion: metadata.resourceVersion!,
    })
    expect(changes.map(({ object }) => object.metadata.name)).toEqual(['ours'])
  })

  test('objects of changes, and what they replace, have the defaults of the schema as it is now', async () => {
    const bare = itemDefinition()
    bare.spec.versions[0]!.schema = {
      openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    }
    const stored = await opened.client.create(bare)
    const created = await opened.client.create(item('a', { spec: {} }))
    await opened.client.update({ ...created, spec: { quantity: 1 } })
    stored.spec.versions[0]!.schema = { openAPIV3Schema: itemSchema }
    await opened.client.update(stored)
    const { changes } = await opened.client.changes<Item>(Items, {
      resourceVersion: created.metadata.resourceVersion!,
    })
    expect(changes).toMatchObject([
      {
        type: 'MODIFIED',
        object: { spec: { quantity: 1, color: 'grey' } },
        previous: {
          spec: { color: 'grey' },
          metadata: { resourceVersion: created.metadata.resourceVersion },
        },
      },
    ])
  })

  test('changes are a watch to the chain, whatever verb was given', async () => {
    const { transport } = opened.runtime
    const options = { resourceVersion: '1', resourceVersionMatch: 'Exact' } as const
    const refused = await failure(transport.changes!({ ...request, verb: 'list', options }))
    expect(refused.message).toContain('resourceVersionMatch is forbidden for watch unless sendInitialEvents')
    const status = { resource: 'namespaces', subresource: 'status', name: 'default' }
    expect((await failure(transport.changes!({ ...request, verb: 'get', ...status }))).message).toContain(
      'watch is not supported on resources of kind',
    )
  })

  test('other doors do not answer with changes', async () => {
    const { transport } = opened.runtime
    const asked = { ...request, collapsesEvents: true }
    const events = transport.watch(asked)[Symbol.asyncIterator]()
    expect(isBadRequest(await events.next().catch((error) => error))).toBe(true)
    expect(isBadRequest(await transport.request(asked).catch((error) => error))).toBe(true)
  })
})
