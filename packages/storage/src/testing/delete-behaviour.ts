import assert from 'node:assert/strict'
import { isConflict, isNotFound } from '@k1s/apimachinery'
import { configMap, key, rejects, withVersion } from './config-maps.ts'
import type { StoreTest } from './runner.ts'

/** The contract of `delete` of the storage interface. */
export function deleteBehaviour(test: StoreTest): void {
  test('removes an object and returns its last state with the revision of the removal', async (store) => {
    await store.create(key('a'), configMap('a'))
    assert.deepEqual(await store.delete(key('a')), withVersion(configMap('a'), '3'))
    await rejects(store.get(key('a')), isNotFound)
  })

  test('of a missing object is NotFound', async (store) => {
    await rejects(store.delete(key('a')), isNotFound, 'configmaps "a" not found')
  })

  test('checks preconditions on uid and resourceVersion', async (store) => {
    await store.create(key('a'), configMap('a'))
    await rejects(
      store.delete(key('a'), { preconditions: { resourceVersion: '1' } }),
      isConflict,
      /Precondition failed: ResourceVersion in precondition: 1, ResourceVersion in object meta: 2$/,
    )
    await rejects(store.delete(key('a'), { preconditions: { uid: 'x' } }), isConflict)
    await store.delete(key('a'), { preconditions: { uid: 'uid-a', resourceVersion: '2' } })
  })

  test('is refused by validate, which sees the state to be removed', async (store) => {
    const created = await store.create(key('a'), configMap('a'))
    const error = new Error('mine')
    const failed = store.delete(key('a'), {
      validate: (current) => {
        assert.deepEqual(current, created)
        throw error
      },
    })
    await assert.rejects(failed, error)
    assert.equal(await store.currentRevision(), 2)
  })

  test('makes way for a new object at the same key', async (store) => {
    await store.create(key('a'), configMap('a'))
    await store.delete(key('a'))
    assert.equal((await store.create(key('a'), configMap('a'))).metadata.resourceVersion, '4')
  })
}
