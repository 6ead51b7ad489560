import type { OwnerReference, Unstructured } from '@k1s/apimachinery'
import { mergePatch } from '@k1s/core'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition, Namespaces, namespace } from './kinds.ts'

const hold = 'example.com/hold'

onEachStore((opened) => {
  const referenceTo = (
    { apiVersion, kind, metadata }: Unstructured,
    blockOwnerDeletion?: boolean,
  ): OwnerReference => ({
    apiVersion,
    kind,
    name: metadata.name!,
    uid: metadata.uid!,
    ...(blockOwnerDeletion !== undefined && { blockOwnerDeletion }),
  })

  const create = (
    name: string,
    owners: Unstructured[] = [],
    options: { block?: boolean; finalizers?: string[] } = {},
  ) =>
    opened.client.create(
      configMap(name, {
        metadata: {
          name,
          ...(owners.length > 0 && {
            ownerReferences: owners.map((owner) => referenceTo(owner, options.block)),
          }),
          ...(options.finalizers && { finalizers: options.finalizers }),
        },
      }),
    )
  const names = async () => (await opened.client.list(ConfigMaps)).items.map(({ metadata }) => metadata.name)
  const get = (name: string) => opened.client.get(ConfigMaps, { name })
  const remove = (name: string, propagationPolicy?: 'Orphan' | 'Background' | 'Foreground') =>
    opened.client.delete(ConfigMaps, { name }, propagationPolicy && { propagationPolicy })
  const release = (name: string) =>
    opened.client.patch(configMap(name), {
      type: 'application/merge-patch+json',
      body: { metadata: { finalizers: null } },
    })

  describe.each([undefined, 'Background', 'Foreground'] as const)('with propagation %s', (policy) => {
    test('dependents go with their owner, to any depth', async () => {
      let owner = await create('a')
      for (const name of ['b', 'c', 'd', 'e']) owner = await create(name, [owner], { block: true })
      await create('other')
      expect(await remove('a', policy)).toBeUndefined()
      expect(await names()).toEqual(['other'])
    })

    test('a diamond goes whole', async () => {
      const top = await create('a')
      const left = await create('b', [top], { block: true })
      const right = await create('c', [top], { block: true })
      await create('d', [left, right], { block: true })
      expect(await remove('a', policy)).toBeUndefined()
      expect(await names()).toEqual([])
    })

    test('a dependent with another owner stays and loses the reference', async () => {
      const first = await create('a')
      const second = await create('b')
      await create('c', [first, second])
      expect(await remove('a', policy)).toBeUndefined()
      expect((await get('c')).metadata.ownerReferences).toEqual([referenceTo(second)])
      expect(await remove('b', policy)).toBeUndefined()
      expect(await names()).toEqual([])
    })

    test('two hundred dependents go', async () => {
      const owner = await create('owner')
      await Promise.all(Array.from({ length: 200 }, (_, index) => create(`d${index}`, [owner])))
      await remove('owner', policy)
      expect(await names()).toEqual([])
    })

    test('a cycle ends', async () => {
      const a = await create('a')
      const b = await create('b', [a])
      await opened.client.update({ ...a, metadata: { ...a.metadata, ownerReferences: [referenceTo(b)] } })
      await remove('a', policy)
      expect(await names()).toEqual([])
    })
  })

  test('an object may own itself and is deleted all the same', async () => {
    const a = await create('a')
    await opened.client.update({ ...a, metadata: { ...a.metadata, ownerReferences: [referenceTo(a, true)] } })
    expect(await remove('a', 'Foreground')).toBeUndefined()
    expect(await names()).toEqual([])
  })

  test('orphaning keeps the dependents, without the reference', async () => {
    const owner = await create('a')
    await create('b', [owner])
    expect(await remove('a', 'Orphan')).toBeUndefined()
    expect(await names()).toEqual(['b'])
    expect((await get('b')).metadata).not.toHaveProperty('ownerReferences')
  })

  describe('in the foreground', () => {
    test('an owner waits for a blocking dependent that finalizers hold', async () => {
      const owner = await create('a')
      await create('b', [owner], { block: true, finalizers: [hold] })
      const waiting = await remove('a', 'Foreground')
      expect(waiting?.metadata).toMatchObject({
        finalizers: ['foregroundDeletion'],
        deletionTimestamp: expect.any(String),
      })
      expect((await get('b')).metadata.deletionTimestamp).toBeDefined()
      await release('b')
      expect(await names()).toEqual([])
    })

    test('an owner does not wait for a dependent that does not block', async () => {
      const owner = await create('a')
      await create('b', [owner], { finalizers: [hold] })
      expect(await remove('a', 'Foreground')).toBeUndefined()
      expect(await names()).toEqual(['b'])
    })

    test('a chain goes from its end', async () => {
      const a = await create('a')
      const b = await create('b', [a], { block: true })
      await create('c', [b], { block: true, finalizers: [hold] })
      await remove('a', 'Foreground')
      expect((await get('b')).metadata.finalizers).toEqual(['foregroundDeletion'])
      await release('c')
      expect(await names()).toEqual([])
    })

    test('owners that block each other in a circle go', async () => {
      const a = await create('a')
      const b = await create('b', [a], { block: true })
      const c = await create('c', [b], { block: true })
      await opened.client.update({
        ...a,
        metadata: { ...a.metadata, ownerReferences: [referenceTo(c, true)] },
      })
      expect(await remove('a', 'Foreground')).toBeUndefined()
      expect(await names()).toEqual([])
    })

    test('finalizers of the owner are kept beside', async () => {
      await create('a', [], { finalizers: [hold] })
      expect((await remove('a', 'Foreground'))?.metadata.finalizers).toEqual([hold])
      await release('a')
      expect(await names()).toEqual([])
    })
  })

  test('the finalizer that asks for orphaning works without a policy', async () => {
    const owner = await create('a', [], { finalizers: ['orphan'] })
    await create('b', [owner])
    expect(await remove('a')).toBeUndefined()
    expect((await get('b')).metadata).not.toHaveProperty('ownerReferences')
  })

  test('a dependent of an owner that is already gone is collected when it is created', async () => {
    const owner = await create('a')
    await remove('a')
    await create('b', [owner])
    expect(await names()).toEqual([])
  })

  test('an object that is given to an owner which is already gone goes', async () => {
    const owner = await create('owner')
    await remove('owner')
    await create('late')
    const ownerReferences = [referenceTo(owner)]
    await opened.client.patch(configMap('late'), mergePatch({ metadata: { ownerReferences } }))
    expect(await names()).toEqual([])
  })

  test('an owner of another uid is another owner', async () => {
    const old = await create('a')
    await remove('a')
    await create('a')
    await create('b', [old])
    expect(await names()).toEqual(['a'])
  })

  test('an owner of a kind that is not served is left alone', async () => {
    const ownerReferences = [{ apiVersion: 'nowhere.example.com/v1', kind: 'Ghost', name: 'x', uid: 'y' }]
    await opened.client.create(configMap('a', { metadata: { name: 'a', ownerReferences } }))
    expect(await names()).toEqual(['a'])
  })

  test('an owner is found in any of its versions', async () => {
    await opened.client.create(itemDefinition())
    const owner = await opened.client.create(item('owner'))
    const ownerReferences = [{ ...referenceTo(owner), apiVersion: 'inventory.example.com/v9' }]
    await opened.client.create(configMap('a', { metadata: { name: 'a', ownerReferences } }))
    expect(await names()).toEqual(['a'])
    await opened.client.delete(Items, { name: 'owner' })
    expect(await names()).toEqual([])
  })

  test('a cluster-scoped owner takes namespaced dependents along', async () => {
    const owner = await opened.client.create(namespace('owner'))
    await create('a', [owner])
    await opened.client.delete(Namespaces, { name: 'owner' })
    expect(await names()).toEqual([])
  })

  test('an owner in another namespace does not count', async () => {
    await opened.client.create(namespace('other'))
    const owner = await opened.client.create(
      configMap('owner', { metadata: { name: 'owner', namespace: 'other' } }),
    )
    await create('a', [owner])
    expect(await failure(get('a'))).toMatchObject({ code: 404 })
  })

  test('an owner reference without uid, name or kind is refused', async () => {
    const ownerReferences = [{ apiVersion: 'v1', kind: '', name: '', uid: '' }]
    const status = await failure(
      opened.client.create(configMap('a', { metadata: { name: 'a', ownerReferences } })),
    )
    expect(status.code).toBe(422)
    expect(status.message).toContain('metadata.ownerReferences[0].uid: Required value: must not be empty')
  })
})
