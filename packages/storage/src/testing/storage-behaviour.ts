import assert from 'node:assert/strict'
import { type Clock, isBadRequest, isNotFound, isTimeout } from '@k1s/apimachinery'
import type { StorageInterface } from '../interface.ts'
import { storagePrefix } from '../storage-key.ts'
import { changesBehaviour } from './changes-behaviour.ts'
import { type ClockTest, clockBehaviour, MovableClock } from './clock-behaviour.ts'
import { companionBehaviour } from './companion-behaviour.ts'
import { all, type ConfigMap, configMap, createAll, key, rejects, resource, update } from './config-maps.ts'
import { createBehaviour } from './create-behaviour.ts'
import { deleteBehaviour } from './delete-behaviour.ts'
import { getListBehaviour } from './get-list-behaviour.ts'
import { guaranteedUpdateBehaviour } from './guaranteed-update-behaviour.ts'
import type { TestRunner } from './runner.ts'
import { timeToLiveBehaviour } from './time-to-live-behaviour.ts'
import { watchBehaviour } from './watch-behaviour.ts'

export interface StorageBehaviourOptions extends TestRunner {
  /** The store's name, for the title. */
  name: string
  /**
   * A new, empty store each time; bookmarks of watches come every `bookmarkInterval` milliseconds, and the time is that of
   * `clock`, if there is one.
   */
  open(options: { bookmarkInterval: number; clock?: Clock }): StorageInterface | Promise<StorageInterface>
}

/** Every sentence of the contract of {@link StorageInterface} as a test. */
export function storageBehaviour({ name, open, describe, it }: StorageBehaviourOptions): void {
  const test = (title: string, body: (store: StorageInterface) => Promise<void>) =>
    it(title, async () => {
      const store = await open({ bookmarkInterval: 20 })
      try {
        await body(store)
      } finally {
        await store.close()
      }
    })

  const clockTest: ClockTest = (title, body) =>
    it(title, async () => {
      const clock = new MovableClock()
      const store = await open({ bookmarkInterval: 20, clock })
      try {
        await body(store, clock)
      } finally {
        await store.close()
      }
    })

  describe(`${name} store`, () => {
    describe('create', () => createBehaviour(test))
    describe('companion', () => companionBehaviour(test))

    describe('get', () => {
      test('of a missing object is NotFound', async (store) => {
        await rejects(store.get(key('a')), isNotFound, 'configmaps "a" not found')
      })

      test('gives each caller an object of its own', async (store) => {
        await store.create(key('a'), configMap('a'))
        const first = await store.get<ConfigMap>(key('a'))
        first.data.value = 'changed'
        assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '1')
      })

      test('at a resourceVersion that is reached is the current object', async (store) => {
        await store.create(key('a'), configMap('a'))
        await update(store, 'a', '2')
        const got = await store.get<ConfigMap>(key('a'), { resourceVersion: '2' })
        assert.equal(got.data.value, '2')
      })

      test('at a resourceVersion of the future is a Timeout', async (store) => {
        await store.create(key('a'), configMap('a'))
        const message = 'Timeout: Too large resource version: 100, current: 2'
        await rejects(store.get(key('a'), { resourceVersion: '100' }), isTimeout, message)
      })

      test('at something that is no resourceVersion is BadRequest', async (store) => {
        await rejects(store.get(key('a'), { resourceVersion: 'x' }), isBadRequest)
      })
    })

    describe('guaranteedUpdate', () => guaranteedUpdateBehaviour(test))
    describe('delete', () => deleteBehaviour(test))
    describe('time to live', () => timeToLiveBehaviour(clockTest))
    describe('getList', () => getListBehaviour(test))
    describe('watch', () => watchBehaviour(test))
    describe('changes', () => changesBehaviour(test))

    describe('clock', () => clockBehaviour(clockTest))

    describe('stats', () => {
      test('counts the objects of a resource and knows its last revision', async (store) => {
        assert.deepEqual(await store.stats(all), { count: 0, lastRevision: 0 })
        await createAll(store, ['a', 'b', 'c'])
        await update(store, 'a', '2')
        await store.delete(key('b'))
        assert.deepEqual(await store.stats(all), { count: 2, lastRevision: 6 })
        const other = storagePrefix({ tenant: 'other', resource })
        assert.deepEqual(await store.stats(other), { count: 0, lastRevision: 0 })
      })
    })

    describe('revisions', () => {
      test('start at 1 and rise by one with each write', async (store) => {
        assert.equal(await store.currentRevision(), 1)
        await createAll(store, ['a', 'b'])
        await store.delete(key('a'))
        assert.equal(await store.currentRevision(), 4)
      })

      test('are forgotten by compaction, which leaves objects alone', async (store) => {
        assert.equal(await store.compactRevision(), 0)
        await createAll(store, ['a', 'b'])
        await store.compact(3)
        assert.equal(await store.compactRevision(), 3)
        assert.equal((await store.getList(all)).items.length, 2)
        await store.compact(2)
        assert.equal(await store.compactRevision(), 3)
      })

      test('of the future cannot be compacted', async (store) => {
        await rejects(store.compact(2), isBadRequest)
      })
    })

    test('tells by versioner what resource versions are', async (store) => {
      const { versioner } = store
      assert.deepEqual([undefined, '', '0', '17'].map(versioner.parseResourceVersion), [0, 0, 0, 17])
      for (const wrong of ['-1', '1.5', 'x', ' 1', '1e3', '99999999999999999999']) {
        assert.throws(() => versioner.parseResourceVersion(wrong), isBadRequest, wrong)
      }
      const object = configMap('a')
      assert.equal(versioner.objectResourceVersion(object), 0)
      versioner.updateObject(object, 5)
      assert.equal(versioner.objectResourceVersion(object), 5)
      versioner.prepareObjectForStorage(object)
      assert.deepEqual(object, configMap('a'))
    })
  })
}
