import type { Unstructured } from '@k1s/apimachinery'
import { createRuntime, mergePatch } from '@k1s/core'
import { MemoryEngine, MvccStore } from '@k1s/storage'
import { describe, expect, test } from 'vitest'
import { failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition, Namespaces, namespace } from './kinds.ts'

const hold = 'example.com/hold'

onEachStore((opened) => {
  test('an object is gone, and the answer is a Status that says which', async () => {
    const { metadata } = await opened.client.create(configMap('a'))
    const answer = await opened.request({
      verb: 'delete',
      resource: 'configmaps',
      namespace: 'default',
      name: 'a',
    })
    expect(answer).toMatchObject({
      code: 200,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
      },
    })
    expect(await failure(opened.client.get(ConfigMaps, { name: 'a' }))).toMatchObject({ code: 404 })
  })

  test('what is not there is 404', async () => {
    expect(await failure(opened.client.delete(ConfigMaps, { name: 'a' }))).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "a" not found',
    })
  })

  describe('preconditions', () => {
    test('of another uid conflict', async () => {
      const { metadata } = await opened.client.create(configMap('a'))
      const status = await failure(
        opened.client.delete(ConfigMaps, { name: 'a' }, { preconditions: { uid: 'x' } }),
      )
      expect(status).toMatchObject({ code: 409, reason: 'Conflict' })
      expect(status.message).toBe(
        `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (x) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
      )
      await opened.client.get(ConfigMaps, { name: 'a' })
    })

    test('of an older resourceVersion conflict', async () => {
      const created = await opened.client.create(configMap('a'))
      const { resourceVersion = '' } = created.metadata
      const updated = await opened.client.update({ ...created, data: { a: 'b' } })
      const remove = (version: string) =>
        opened.client.delete(ConfigMaps, { name: 'a' }, { preconditions: { resourceVersion: version } })
      expect(await failure(remove(resourceVersion))).toMatchObject({ code: 409, reason: 'Conflict' })
      expect(await remove(updated.metadata.resourceVersion ?? '')).toBeUndefined()
    })

    test('hold for an object with finalizers as well', async () => {
      await opened.client.create(configMap('a', { metadata: { name: 'a', finalizers: [hold] } }))
      const remove = opened.client.delete(ConfigMaps, { name: 'a' }, { preconditions: { uid: 'x' } })
      expect(await failure(remove)).toMatchObject({ code: 409 })
      expect((await opened.client.get(ConfigMaps, { name: 'a' })).metadata).not.toHaveProperty(
        'deletionTimestamp',
      )
    })

    test('hold for a dry run as well', async () => {
      await opened.client.create(configMap('a'))
      const options = { preconditions: { uid: 'x' }, dryRun: true }
      expect(await failure(opened.client.delete(ConfigMaps, { name: 'a' }, options))).toMatchObject({
        code: 409,
      })
    })
  })

  describe('an object with finalizers', () => {
    const create = () => opened.client.create(configMap('a', { metadata: { name: 'a', finalizers: [hold] } }))

    test('stays, with deletionTimestamp and a grace period of zero', async () => {
      await create()
      const answer = await opened.request({
        verb: 'delete',
        resource: 'configmaps',
        namespace: 'default',
        name: 'a',
      })
      expect(answer.code).toBe(200)
      expect(answer.body).toMatchObject({
        kind: 'ConfigMap',
        metadata: {
          deletionTimestamp: expect.stringMatching(/Z$/),
          deletionGracePeriodSeconds: 0,
          finalizers: [hold],
        },
      })
    })

    test('is not written again by a second deletion', async () => {
      await create()
      const first = await opened.client.delete(ConfigMaps, { name: 'a' })
      expect(await opened.client.delete(ConfigMaps, { name: 'a' })).toEqual(first)
    })

    test('goes with the last finalizer, through a patch too', async () => {
      await create()
      await opened.client.delete(ConfigMaps, { name: 'a' })
      await opened.client.patch(configMap('a'), {
        type: 'application/merge-patch+json',
        body: { metadata: { finalizers: null } },
      })
      expect(await failure(opened.client.get(ConfigMaps, { name: 'a' }))).toMatchObject({ code: 404 })
    })

    test('keeps its deletionTimestamp through updates', async () => {
      await create()
      const held = await opened.client.delete(ConfigMaps, { name: 'a' })
      const updated = await opened.client.update(
        configMap('a', { metadata: { name: 'a', finalizers: [hold] }, data: { a: 'b' } }),
      )
      expect(updated.metadata.deletionTimestamp).toBe(held?.metadata.deletionTimestamp)
      expect(updated.metadata.deletionGracePeriodSeconds).toBe(0)
    })

    test('of a kind with generations counts one up', async () => {
      await opened.client.create(itemDefinition())
      await opened.client.create(item('a', { metadata: { name: 'a', finalizers: [hold] } }))
      expect((await opened.client.delete(Items, { name: 'a' }))?.metadata.generation).toBe(2)
    })
  })

  test('dryRun deletes nothing and marks nothing', async () => {
    const created = await opened.client.create(configMap('a'))
    expect(await opened.client.delete(ConfigMaps, { name: 'a' }, { dryRun: true })).toBeUndefined()
    expect(await opened.client.get(ConfigMaps, { name: 'a' })).toEqual(created)
    const held = await opened.client.create(configMap('b', { metadata: { name: 'b', finalizers: [hold] } }))
    const preview = await opened.client.delete(ConfigMaps, { name: 'b' }, { dryRun: true })
    expect(preview?.metadata.deletionTimestamp).toBeDefined()
    expect(await opened.client.get(ConfigMaps, { name: 'b' })).toEqual(held)
  })

  test('an unknown propagation policy is refused', async () => {
    await opened.client.create(configMap('a'))
    const options = { propagationPolicy: 'Sideways' as 'Orphan' }
    const status = await failure(opened.client.delete(ConfigMaps, { name: 'a' }, options))
    expect(status).toMatchObject({
      code: 422,
      message:
        'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"',
    })
  })

  describe('of a collection', () => {
    const names = async () =>
      (await opened.client.list(ConfigMaps)).items.map(({ metadata }) => metadata.name)
    const create = async (...objects: Unstructured[]) => {
      for (const object of objects) await opened.client.create(object)
    }

    test('deletes what the selectors match and answers with the list of it', async () => {
      const labels = { app: 'x' }
      await create(
        configMap('a', { metadata: { name: 'a', labels } }),
        configMap('b'),
        configMap('c', { metadata: { name: 'c', labels } }),
      )
      const list = await opened.client.deleteCollection(ConfigMaps, { labelSelector: 'app=x' })
      expect(list).toMatchObject({
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { resourceVersion: expect.any(String) },
      })
      expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'c'])
      expect(await names()).toEqual(['b'])
      await opened.client.deleteCollection(ConfigMaps, { fieldSelector: 'metadata.name=b' })
      expect(await names()).toEqual([])
    })

    test('stays in its namespace', async () => {
      await create(
        namespace('other'),
        configMap('a', { metadata: { name: 'a', namespace: 'other' } }),
        configMap('b'),
      )
      await opened.client.deleteCollection(ConfigMaps)
      expect(await names()).toEqual(['a'])
    })

    test('marks those with finalizers', async () => {
      await create(configMap('a', { metadata: { name: 'a', finalizers: [hold] } }), configMap('b'))
      await opened.client.deleteCollection(ConfigMaps)
      expect((await opened.client.list(ConfigMaps)).items).toMatchObject([
        { metadata: { name: 'a', deletionTimestamp: expect.any(String) } },
      ])
    })

    test('is a dry run when asked', async () => {
      await create(configMap('a'))
      await opened.client.deleteCollection(ConfigMaps, { dryRun: true })
      expect(await names()).toEqual(['a'])
    })

    test('needs a namespace', async () => {
      const all = opened.request({ verb: 'deletecollection', resource: 'configmaps' })
      expect(await failure(all)).toMatchObject({ code: 405, reason: 'MethodNotAllowed' })
    })

    test('is not served for namespaces', async () => {
      expect(await failure(opened.client.deleteCollection(Namespaces))).toMatchObject({
        code: 405,
        reason: 'MethodNotAllowed',
      })
      await opened.client.get(Namespaces, { name: 'default' })
      const discovered = await opened.runtime.transport.discover('default')
      expect(discovered.find(({ kind }) => kind === 'Namespace')?.verbs).not.toContain('deletecollection')
    })

    test('deletes custom resources by their selectable fields', async () => {
      await create(
        itemDefinition({ selectableFields: [{ jsonPath: '.spec.color' }] }),
        item('a', { spec: { color: 'red' } }),
        item('b', { spec: { color: 'blue' } }),
      )
      await opened.client.deleteCollection(Items, { fieldSelector: 'spec.color=red' })
      expect((await opened.client.list(Items)).items.map(({ metadata }) => metadata.name)).toEqual(['b'])
    })
  })
})

test('an object whose last finalizer goes while it is being deleted goes as well', async () => {
  const store = new MvccStore(new MemoryEngine())
  await using runtime = await createRuntime({ storage: store })
  const { client } = runtime
  await client.create(configMap('a', { metadata: { name: 'a', finalizers: [hold] } }))
  const get = store.get.bind(store)
  // The deletion sees the finalizer, and then it is gone.
  store.get = async (key, options) => {
    const object = await get(key, options)
    store.get = get
    await client.patch(configMap('a'), mergePatch({ metadata: { finalizers: null } }))
    return object as never
  }
  expect(await client.delete(ConfigMaps, { name: 'a' })).toBeUndefined()
  expect((await client.list(ConfigMaps)).items).toEqual([])
})
