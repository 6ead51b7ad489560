import assert from 'node:assert/strict'
import { isAlreadyExists, isBadRequest, isNotFound, isRequestEntityTooLarge } from '@k1s/apimachinery'
import { isRequirementFailed } from '../storage-error.ts'
import { storageKey } from '../storage-key.ts'
import { type ConfigMap, configMap, key, rejects, tenant, update, withVersion } from './config-maps.ts'
import type { StoreTest } from './runner.ts'

/** The contract of `create` of the storage interface. */
export function createBehaviour(test: StoreTest): void {
  test('stores an object and returns it with its resourceVersion', async (store) => {
    const created = await store.create(key('a'), configMap('a'))
    assert.deepEqual(created, withVersion(configMap('a'), '2'))
    assert.deepEqual(await store.get(key('a')), created)
  })

  test('does not change the object that it was given', async (store) => {
    const object = configMap('a')
    const created = await store.create(key('a'), object)
    assert.deepEqual(object, configMap('a'))
    created.data.value = 'changed'
    assert.equal(object.data.value, '1')
  })

  test('of a taken key is AlreadyExists and writes nothing', async (store) => {
    await store.create(key('a'), configMap('a'))
    await rejects(
      store.create(key('a'), configMap('a', '2')),
      isAlreadyExists,
      'configmaps "a" already exists',
    )
    assert.deepEqual((await store.get<ConfigMap>(key('a'))).data, { value: '1' })
    assert.equal(await store.currentRevision(), 2)
  })

  test('names the group of a custom resource in its errors', async (store) => {
    const item = storageKey({
      tenant,
      resource: 'items.inventory.k1s.dev',
      namespace: 'default',
      name: 'a',
    })
    await rejects(store.get(item), isNotFound, 'items.inventory.k1s.dev "a" not found')
  })

  test('refuses a set resourceVersion', async (store) => {
    const object = withVersion(configMap('a'), '7')
    const message = 'resourceVersion should not be set on objects to be created'
    await rejects(store.create(key('a'), object), isBadRequest, message)
  })

  test('takes 1.5 MiB and refuses more', async (store) => {
    const frame = JSON.stringify(configMap('a', '')).length
    await store.create(key('a'), configMap('a', 'x'.repeat(1_572_864 - frame)))
    const tooLarge = store.create(key('b'), configMap('b', 'x'.repeat(1_572_865 - frame)))
    await rejects(tooLarge, isRequestEntityTooLarge, 'Request entity too large: limit is 1572864')
    await rejects(store.get(key('b')), isNotFound)
  })

  test('requires that another object is still what it was', async (store) => {
    const { metadata } = await store.create(key('a'), configMap('a'))
    const requires = [{ key: key('a'), resourceVersion: metadata.resourceVersion! }]
    await store.create(key('b'), configMap('b'), { requires })
    await update(store, 'a', '2')
    const message = 'Operation cannot be fulfilled on configmaps "c": configmaps "a" was changed meanwhile'
    await rejects(store.create(key('c'), configMap('c'), { requires }), isRequirementFailed, message)
    await store.delete(key('a'))
    await rejects(store.create(key('c'), configMap('c'), { requires }), isRequirementFailed)
    await rejects(store.get(key('c')), isNotFound)
  })

  test('keeps any Unicode text', async (store) => {
    const value = 'ä 漢字 🎉 \u0000 \u2028 " \\'
    await store.create(key('ünï-漢-🎉'), configMap('x', value))
    assert.equal((await store.get<ConfigMap>(key('ünï-漢-🎉'))).data.value, value)
  })
}
