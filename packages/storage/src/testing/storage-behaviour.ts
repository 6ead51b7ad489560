import assert from 'node:assert/strict'
import {
  type Clock,
  isAlreadyExists,
  isBadRequest,
  isConflict,
  isNotFound,
  isRequestEntityTooLarge,
  isResourceExpired,
  isStatusError,
  isTimeout,
  type KubernetesObject,
  newBadRequest,
  type StatusError,
  type Unstructured,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { StorageCompanion, StorageInterface, StorageKey, StorageWatchOptions } from '../interface.ts'
import { isRequirementFailed } from '../storage-error.ts'
import { storageKey, storagePrefix } from '../storage-key.ts'
import { changesBehaviour } from './changes-behaviour.ts'
import { clockBehaviour, MovableClock } from './clock-behaviour.ts'
import { eventually, type TestRunner } from './runner.ts'

export interface StorageBehaviourOptions extends TestRunner {
  /** The store's name, for the title. */
  name: string
  /**
   * A new, empty store each time; bookmarks of watches come every `bookmarkInterval` milliseconds, and the time is that of
   * `clock`, if there is one.
   */
  open(options: { bookmarkInterval: number; clock?: Clock }): StorageInterface | Promise<StorageInterface>
}

interface ConfigMap extends KubernetesObject {
  data: { [key: string]: string }
}

const tenant = 'demo'
const resource = 'configmaps'
const all = storagePrefix({ tenant, resource })
const inDefault = storagePrefix({ tenant, resource, namespace: 'default' })
const key = (name: string, namespace = 'default'): StorageKey =>
  storageKey({ tenant, resource, namespace, name })
const configMap = (name: string, value = '1', labels?: { [key: string]: string }): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', uid: `uid-${name}`, ...(labels && { labels }) },
  data: { value },
})

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

  describe(`${name} store`, () => {
    describe('create', () => {
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
        const message =
          'Operation cannot be fulfilled on configmaps "c": configmaps "a" was changed meanwhile'
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
    })

    describe('companion', () => {
      test('sees what is committed, and changes other objects in the same transaction', async (store) => {
        await store.create(key('counter'), configMap('counter', '0'))
        const countUp: StorageCompanion = (transaction) => {
          const seen = transaction.count(inDefault)
          assert.equal(transaction.list(inDefault).length, seen)
          assert.equal(transaction.stats(all).count, seen)
          const counter = transaction.get(key('counter'))!
          transaction.update(key('counter'), { ...counter, data: { value: String(seen) } })
        }
        const wanted = ['a', 'b', 'c', 'd', 'e']
        await Promise.all(
          wanted.map((name) => store.create(key(name), configMap(name), { companion: countUp })),
        )
        assert.equal((await store.get<ConfigMap>(key('counter'))).data.value, '5')
        await store.delete(key('a'), { companion: countUp })
        assert.equal((await store.get<ConfigMap>(key('counter'))).data.value, '6')
        await store.guaranteedUpdate<ConfigMap>(key('b'), () => ({
          object: configMap('b', '2'),
          companion: countUp,
        }))
        assert.equal((await store.get<ConfigMap>(key('counter'))).data.value, '5')
      })

      test('may change the object that is created, which then has two events', async (store) => {
        await store.create(key('a'), configMap('a', '1'), {
          companion: (transaction) => transaction.update(key('a'), configMap('a', '2')),
        })
        const events = await take(store, 2, { resourceVersion: '1' })
        assert.deepEqual(events, ['ADDED a 2', 'MODIFIED a 3'])
        assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '2')
      })

      test('ends the write with its error, and nothing is written', async (store) => {
        await store.create(key('a'), configMap('a'))
        const before = await store.currentRevision()
        const companion: StorageCompanion = (transaction) => {
          transaction.update(key('a'), configMap('a', '2'))
          transaction.addTask('never')
          throw newBadRequest('no')
        }
        await rejects(store.create(key('b'), configMap('b'), { companion }), isBadRequest, 'no')
        await rejects(store.delete(key('a'), { companion }), isBadRequest, 'no')
        const missing: StorageCompanion = (transaction) => transaction.update(key('x'), configMap('x'))
        await rejects(store.create(key('b'), configMap('b'), { companion: missing }), isNotFound)
        assert.equal(await store.currentRevision(), before)
        assert.deepEqual(await store.tasks(tenant), [])
      })

      test('keeps a task with the write', async (store) => {
        await store.create(key('a'), configMap('a'), {
          companion: (transaction) => transaction.addTask('look at a'),
        })
        assert.deepEqual(await store.tasks(tenant), ['look at a'])
      })

      test('of an update that changes nothing does not run', async (store) => {
        await store.create(key('a'), configMap('a'))
        await store.guaranteedUpdate(key('a'), (current) => ({
          object: current!,
          companion: () => assert.fail('ran'),
        }))
      })
    })

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

    describe('guaranteedUpdate', () => {
      test('writes what tryUpdate returns and gives it a new resourceVersion', async (store) => {
        await store.create(key('a'), configMap('a'))
        const updated = await update(store, 'a', '2')
        assert.deepEqual(updated, withVersion(configMap('a', '2'), '3'))
        assert.deepEqual(await store.get(key('a')), updated)
      })

      test('hands over the current object with its resourceVersion', async (store) => {
        const created = await store.create(key('a'), configMap('a'))
        await store.guaranteedUpdate<ConfigMap>(key('a'), (current) => {
          assert.deepEqual(current, created)
          return { object: current! }
        })
      })

      test('that changes nothing writes nothing', async (store) => {
        const created = await store.create(key('a'), configMap('a'))
        const same = await store.guaranteedUpdate<ConfigMap>(key('a'), (current) => ({ object: current! }))
        assert.deepEqual(same, created)
        assert.equal(await store.currentRevision(), 2)
      })

      test('that only changes the order of fields writes nothing', async (store) => {
        await store.create(key('a'), configMap('a'))
        const { data, metadata, kind, apiVersion } = configMap('a')
        await store.guaranteedUpdate<ConfigMap>(key('a'), () => ({
          object: { data, metadata, kind, apiVersion },
        }))
        assert.equal(await store.currentRevision(), 2)
      })

      test('of a missing object is NotFound and does not call tryUpdate', async (store) => {
        const failed = store.guaranteedUpdate(key('a'), () => assert.fail('called'))
        await rejects(failed, isNotFound, 'configmaps "a" not found')
      })

      test('creates a missing object with ignoreNotFound', async (store) => {
        const created = await store.guaranteedUpdate<ConfigMap>(
          key('a'),
          (current) => {
            assert.equal(current, undefined)
            return { object: configMap('a') }
          },
          { ignoreNotFound: true },
        )
        assert.equal(created.metadata.resourceVersion, '2')
      })

      test('starts over when somebody wrote in between', async (store) => {
        await store.create(key('a'), configMap('a', '0'))
        const seen: string[] = []
        const updated = await store.guaranteedUpdate<ConfigMap>(key('a'), async (current) => {
          seen.push(current!.data.value!)
          if (seen.length === 1) await update(store, 'a', '5')
          return { object: { ...current!, data: { value: `${current!.data.value}+1` } } }
        })
        assert.deepEqual(seen, ['0', '5'])
        assert.equal(updated.data.value, '5+1')
      })

      test('starts over when the object was deleted and made again in between', async (store) => {
        await store.create(key('a'), configMap('a', '0'))
        let calls = 0
        await store.guaranteedUpdate<ConfigMap>(key('a'), async (current) => {
          if (calls++ === 0) {
            await store.delete(key('a'))
            await store.create(key('a'), configMap('a', 'new'))
          }
          return { object: { ...current!, data: { ...current!.data, more: 'x' } } }
        })
        assert.deepEqual((await store.get<ConfigMap>(key('a'))).data, { value: 'new', more: 'x' })
      })

      test('loses no concurrent update', async (store) => {
        await store.create(key('a'), configMap('a', '0'))
        const increment = () =>
          store.guaranteedUpdate<ConfigMap>(key('a'), (current) => ({
            object: { ...current!, data: { value: String(Number(current!.data.value) + 1) } },
          }))
        await Promise.all(Array.from({ length: 50 }, increment))
        assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '50')
      })

      test('ends unchanged with the error that tryUpdate throws', async (store) => {
        await store.create(key('a'), configMap('a'))
        const error = new Error('mine')
        const failed = store.guaranteedUpdate(key('a'), () => {
          throw error
        })
        await assert.rejects(failed, error)
        assert.equal(await store.currentRevision(), 2)
      })

      test('refuses an object that grew too large', async (store) => {
        await store.create(key('a'), configMap('a'))
        await rejects(update(store, 'a', 'x'.repeat(1_600_000)), isRequestEntityTooLarge)
      })

      test('checks preconditions', async (store) => {
        await store.create(key('a'), configMap('a'))
        const failed = store.guaranteedUpdate(key('a'), (current) => ({ object: current! }), {
          preconditions: { uid: 'other' },
        })
        await rejects(
          failed,
          isConflict,
          /^Operation cannot be fulfilled on configmaps "a": .*Precondition failed: UID in precondition: other, UID in object meta: uid-a$/,
        )
      })
    })

    describe('delete', () => {
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
    })

    describe('time to live', () => {
      test('hides an object at once, and removes it with an event', async (store) => {
        await store.create(key('a'), configMap('a'), { ttl: 0.05 })
        await store.create(key('b'), configMap('b'))
        assert.equal((await store.getList(all)).items.length, 2)
        const events = await take(store, 3, { resourceVersion: '1' })
        assert.deepEqual(events, ['ADDED a 2', 'ADDED b 3', 'DELETED a 4'])
        await rejects(store.get(key('a')), isNotFound)
        assert.deepEqual(names(await store.getList(all)), ['b'])
      })

      test('that is over lets the key be created again', async (store) => {
        await store.create(key('a'), configMap('a'), { ttl: 0.001 })
        await new Promise((resolve) => setTimeout(resolve, 5))
        await store.create(key('a'), configMap('a', '2'))
        assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '2')
        assert.deepEqual(await take(store, 3, { resourceVersion: '1' }), [
          'ADDED a 2',
          'DELETED a 3',
          'ADDED a 4',
        ])
      })

      test('stays as it is in an update that does not name one', async (store) => {
        await store.create(key('a'), configMap('a'), { ttl: 0.1 })
        await update(store, 'a', '2')
        await new Promise((resolve) => setTimeout(resolve, 120))
        await rejects(store.get(key('a')), isNotFound)
      })

      test('can be prolonged by an update', async (store) => {
        await store.create(key('a'), configMap('a'), { ttl: 0.05 })
        await store.guaranteedUpdate<ConfigMap>(key('a'), (current) => ({ object: current!, ttl: 60 }))
        await new Promise((resolve) => setTimeout(resolve, 100))
        assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '1')
      })
    })

    describe('getList', () => {
      test('of nothing is empty and has the current revision', async (store) => {
        assert.deepEqual(await store.getList(all), { items: [], resourceVersion: '1' })
      })

      test('gives objects in key order, each with its own resourceVersion', async (store) => {
        await createAll(store, ['b', 'a', 'c'])
        const list = await store.getList(all)
        assert.deepEqual(
          list.items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
          [
            ['a', '3'],
            ['b', '2'],
            ['c', '4'],
          ],
        )
        assert.equal(list.resourceVersion, '4')
      })

      test('covers its namespace, resource and tenant only', async (store) => {
        await store.create(key('a'), configMap('a'))
        await store.create(key('b', 'default-2'), configMap('b'))
        for (const other of [
          { tenant: 'demo-2', resource },
          { tenant, resource: 'configmaps.example.com' },
          { tenant, resource: 'configmapsx' },
        ]) {
          await store.create(storageKey({ ...other, namespace: 'default', name: 'x' }), configMap('x'))
        }
        assert.deepEqual(names(await store.getList(inDefault)), ['a'])
        // '-' is before '/'.
        assert.deepEqual(names(await store.getList(all)), ['b', 'a'])
      })

      test('keeps what the predicate keeps', async (store) => {
        await createAll(store, ['a', 'b', 'c'])
        const list = await store.getList(all, { predicate: (object) => object.metadata.name !== 'b' })
        assert.deepEqual(names(list), ['a', 'c'])
      })

      test('pages through one revision, whatever is written meanwhile', async (store) => {
        await createAll(store, ['a', 'c', 'e', 'g', 'i'])
        const first = await store.getList<ConfigMap>(all, { limit: 2 })
        assert.deepEqual(names(first), ['a', 'c'])
        assert.equal(first.remainingItemCount, 3)
        await update(store, 'e', 'changed')
        await store.delete(key('g'))
        await createAll(store, ['d', 'z'])
        await store.delete(key('a'))
        await store.delete(key('i'))
        await store.create(key('i'), configMap('i', 'new'))
        const second = await store.getList<ConfigMap>(all, { limit: 2, continue: first.continue })
        assert.deepEqual(names(second), ['e', 'g'])
        assert.equal(second.items[0]!.data.value, '1')
        assert.equal(second.items[0]!.metadata.resourceVersion, '4')
        assert.equal(second.remainingItemCount, 1)
        assert.equal(second.resourceVersion, first.resourceVersion)
        const third = await store.getList<ConfigMap>(all, { limit: 2, continue: second.continue })
        assert.deepEqual(names(third), ['i'])
        assert.equal(third.items[0]!.data.value, '1')
        assert.equal(third.continue, undefined)
        assert.equal(third.remainingItemCount, undefined)
      })

      test('fills its pages with what the predicate keeps, without a remainingItemCount', async (store) => {
        await createAll(store, ['a', 'b', 'c', 'd', 'e'])
        const predicate = ({ metadata }: Unstructured) => metadata.name !== 'b'
        const first = await store.getList(all, { limit: 2, predicate })
        assert.deepEqual(names(first), ['a', 'c'])
        assert.equal(first.remainingItemCount, undefined)
        assert.deepEqual(names(await store.getList(all, { limit: 2, predicate, continue: first.continue })), [
          'd',
          'e',
        ])
      })

      test('has no continue when the limit is just reached', async (store) => {
        await createAll(store, ['a', 'b'])
        assert.equal((await store.getList(all, { limit: 2 })).continue, undefined)
      })

      test('counts what remains of a namespace', async (store) => {
        await createAll(store, ['a', 'b', 'c'])
        await store.create(key('x', 'other'), configMap('x'))
        assert.equal((await store.getList(inDefault, { limit: 1 })).remainingItemCount, 2)
      })

      test('of an exact resourceVersion is as it was then', async (store) => {
        await createAll(store, ['a', 'b'])
        await store.delete(key('a'))
        await update(store, 'b', '2')
        const list = await store.getList<ConfigMap>(all, {
          resourceVersion: '3',
          resourceVersionMatch: 'Exact',
        })
        assert.deepEqual(names(list), ['a', 'b'])
        assert.equal(list.items[1]!.data.value, '1')
        assert.equal(list.resourceVersion, '3')
      })

      test('of a limit and a resourceVersion is exact too', async (store) => {
        await createAll(store, ['a', 'b'])
        assert.deepEqual(names(await store.getList(all, { resourceVersion: '2', limit: 5 })), ['a'])
      })

      test('that is not older than a resourceVersion is the current one', async (store) => {
        await createAll(store, ['a', 'b'])
        const match = { resourceVersion: '2', resourceVersionMatch: 'NotOlderThan' } as const
        assert.deepEqual(names(await store.getList(all, match)), ['a', 'b'])
        assert.deepEqual(names(await store.getList(all, { resourceVersion: '0' })), ['a', 'b'])
      })

      test('of a resourceVersion of the future is a Timeout with its cause', async (store) => {
        for (const resourceVersionMatch of ['Exact', 'NotOlderThan'] as const) {
          const error = await rejects(
            store.getList(all, { resourceVersion: '9', resourceVersionMatch }),
            isTimeout,
            'Timeout: Too large resource version: 9, current: 1',
          )
          assert.equal(error.status.details?.causes?.[0]?.reason, 'ResourceVersionTooLarge')
        }
      })

      test('of a compacted resourceVersion is Expired', async (store) => {
        await createAll(store, ['a', 'b', 'c'])
        await store.compact(3)
        await rejects(
          store.getList(all, { resourceVersion: '2', resourceVersionMatch: 'Exact' }),
          isResourceExpired,
          'The resourceVersion for the provided list is too old.',
        )
        const list = await store.getList(all, { resourceVersion: '3', resourceVersionMatch: 'Exact' })
        assert.deepEqual(names(list), ['a', 'b'])
      })

      test('whose continue was compacted is Expired with a token that goes on at the newest', async (store) => {
        await createAll(store, ['a', 'b', 'c'])
        const first = await store.getList(all, { limit: 1 })
        await store.delete(key('b'))
        await store.compact(await store.currentRevision())
        const error = await rejects(
          store.getList(all, { limit: 1, continue: first.continue }),
          isResourceExpired,
          /^The provided continue parameter is too old to display a consistent list result\. You can start a new list without/,
        )
        const fresh = error.status.metadata.continue
        assert.deepEqual(names(await store.getList(all, { continue: fresh })), ['c'])
      })

      test('refuses a continue that is none, leaves the prefix, or comes with a resourceVersion', async (store) => {
        const token = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
        const good = { v: 'meta.k8s.io/v1', rv: 1, start: 'default/a' }
        for (const wrong of [
          'x',
          token([]),
          token({ ...good, v: 'meta.k8s.io/v2' }),
          token({ ...good, rv: 0 }),
          token({ ...good, start: '' }),
          token({ ...good, start: '../../other/configmaps/a' }),
        ]) {
          await rejects(store.getList(all, { continue: wrong }), isBadRequest, /^invalid continue token: /)
        }
        await rejects(
          store.getList(all, { continue: token(good), resourceVersion: '1' }),
          isBadRequest,
          'specifying resource version is not allowed when using continue',
        )
      })
    })

    describe('watch', () => {
      test('from a resourceVersion gives every later event once and in order', async (store) => {
        await store.create(key('a'), configMap('a'))
        await update(store, 'a', '2')
        await store.delete(key('a'))
        await store.create(key('b'), configMap('b'))
        assert.deepEqual(await take(store, 4, { resourceVersion: '1' }), [
          'ADDED a 2',
          'MODIFIED a 3',
          'DELETED a 4',
          'ADDED b 5',
        ])
        assert.deepEqual(await take(store, 1, { resourceVersion: '4' }), ['ADDED b 5'])
      })

      test('gives a deleted object in its last state', async (store) => {
        await store.create(key('a'), configMap('a', 'last'))
        await store.delete(key('a'))
        for await (const event of store.watch<ConfigMap>(all, { resourceVersion: '2' })) {
          assert.deepEqual(event, { type: 'DELETED', object: withVersion(configMap('a', 'last'), '3') })
          break
        }
      })

      test('waits for what is written later', async (store) => {
        const events = take(store, 2, { resourceVersion: '1' })
        await new Promise((resolve) => setTimeout(resolve, 10))
        await createAll(store, ['a', 'b'])
        assert.deepEqual(await events, ['ADDED a 2', 'ADDED b 3'])
      })

      test('covers its namespace only', async (store) => {
        await store.create(key('x', 'default-2'), configMap('x'))
        await store.create(key('a'), configMap('a'))
        assert.deepEqual(await take(store, 1, { resourceVersion: '1' }, inDefault), ['ADDED a 3'])
      })

      test('of a key covers that object only', async (store) => {
        await createAll(store, ['a', 'aa'])
        await update(store, 'aa', '2')
        await update(store, 'a', '2')
        assert.deepEqual(await take(store, 2, { resourceVersion: '1' }, key('a')), [
          'ADDED a 2',
          'MODIFIED a 5',
        ])
        assert.deepEqual(await take(store, 1, {}, key('a')), ['ADDED a 5'])
      })

      for (const resourceVersion of [undefined, '', '0']) {
        test(`from ${JSON.stringify(resourceVersion)} starts with the current objects`, async (store) => {
          await createAll(store, ['b', 'a', 'c'])
          await store.delete(key('c'))
          await update(store, 'b', '2')
          const events = take(store, 3, { resourceVersion })
          await new Promise((resolve) => setTimeout(resolve, 10))
          await store.create(key('d'), configMap('d'))
          assert.deepEqual(await events, ['ADDED a 3', 'ADDED b 6', 'ADDED d 7'])
        })
      }

      test('marks the end of the initial events that were asked for', async (store) => {
        await createAll(store, ['a', 'b'])
        const events: WatchEvent[] = []
        for await (const event of store.watch(all, { sendInitialEvents: true, resourceVersion: '2' })) {
          if (events.push(event) === 3) break
        }
        assert.deepEqual(events.map(describeEvent).slice(0, 2), ['ADDED a 2', 'ADDED b 3'])
        assert.equal(events[2]!.type, 'BOOKMARK')
        assert.deepEqual(events[2]!.object.metadata, {
          resourceVersion: '3',
          annotations: { 'k8s.io/initial-events-end': 'true' },
        })
      })

      test('without initial events starts now', async (store) => {
        await createAll(store, ['a'])
        const events = take(store, 1, { sendInitialEvents: false })
        await new Promise((resolve) => setTimeout(resolve, 10))
        await createAll(store, ['b'])
        assert.deepEqual(await events, ['ADDED b 3'])
      })

      test('pages through many initial objects of one revision', async (store) => {
        const many = Array.from({ length: 1200 }, (_, index) => `n${String(index).padStart(4, '0')}`)
        await createAll(store, many)
        const seen: string[] = []
        for await (const event of store.watch(all)) {
          if (seen.length === 100) await store.delete(key('n1100'))
          seen.push(`${event.type} ${nameOf(event)}`)
          if (seen.length === 1201) break
        }
        assert.deepEqual(seen, [...many.map((name) => `ADDED ${name}`), 'DELETED n1100'])
      })

      test('tells a quiet watcher how far it has come', async (store) => {
        await store.create(key('a'), configMap('a'))
        const iterator = store
          .watch(all, { resourceVersion: '2', allowWatchBookmarks: true })
          [Symbol.asyncIterator]()
        const other = storageKey({ tenant, resource: 'secrets', namespace: 'default', name: 'x' })
        await store.create(other, configMap('x'))
        const { value } = await iterator.next()
        await iterator.return?.()
        assert.equal(value.type, 'BOOKMARK')
        assert.deepEqual(value.object.metadata, { resourceVersion: '3' })
      })

      test('gives an object that starts to match as ADDED and one that stops as DELETED', async (store) => {
        const red = { color: 'red' }
        await store.create(key('a'), configMap('a', '1'))
        await replace(store, configMap('a', '2', red))
        await replace(store, configMap('a', '3', red))
        await replace(store, configMap('a', '4'))
        await replace(store, configMap('a', '5', red))
        await store.delete(key('a'))
        await store.create(key('end'), configMap('end', 'x', red))
        const events: string[] = []
        const predicate = (object: ConfigMap) => object.metadata.labels?.color === 'red'
        for await (const { type, object } of store.watch<ConfigMap>(all, {
          resourceVersion: '1',
          predicate,
        })) {
          assert.ok(type !== 'ERROR')
          events.push(`${type} ${object.data.value} ${object.metadata.resourceVersion}`)
          if (object.data.value === 'x') break
        }
        assert.deepEqual(events, [
          'ADDED 2 3',
          'MODIFIED 3 4',
          'DELETED 3 5',
          'ADDED 5 6',
          'DELETED 5 7',
          'ADDED x 8',
        ])
      })

      test('gives each watcher objects of its own', async (store) => {
        await store.create(key('a'), configMap('a'))
        for (let round = 0; round < 2; round++) {
          for await (const event of store.watch<ConfigMap>(all, { resourceVersion: '1' })) {
            assert.ok(event.type === 'ADDED')
            assert.equal(event.object.data.value, '1')
            event.object.data.value = 'changed'
            break
          }
        }
      })

      test('from a compacted revision is an ERROR event, 410 Expired', async (store) => {
        await createAll(store, ['a', 'b', 'c'])
        await store.compact(3)
        const events: WatchEvent[] = []
        for await (const event of store.watch(all, { resourceVersion: '2' })) events.push(event)
        assert.equal(events.length, 1)
        assert.ok(events[0]!.type === 'ERROR')
        assert.equal(events[0]!.object.code, 410)
        assert.equal(events[0]!.object.reason, 'Expired')
        assert.equal(events[0]!.object.message, 'too old resource version: 2 (3)')
        assert.deepEqual(await take(store, 1, { resourceVersion: '3' }), ['ADDED c 4'])
      })

      test('from a revision of the future waits for what is written after it', async (store) => {
        await createAll(store, ['a'])
        const events = take(store, 2, { resourceVersion: '4' })
        await new Promise((resolve) => setTimeout(resolve, 10))
        await createAll(store, ['b', 'c', 'd', 'e'])
        assert.deepEqual(await events, ['ADDED d 5', 'ADDED e 6'])
      })

      test('with initial events at a revision of the future is an ERROR event', async (store) => {
        const events: WatchEvent[] = []
        const options = { resourceVersion: '50', sendInitialEvents: true }
        for await (const event of store.watch(all, options)) events.push(event)
        assert.ok(events.length === 1 && events[0]!.type === 'ERROR')
        assert.equal(events[0]!.object.message, 'Timeout: Too large resource version: 50, current: 1')
      })

      test('from something that is no resourceVersion throws BadRequest', async (store) => {
        await rejects(take(store, 1, { resourceVersion: 'x' }), isBadRequest)
      })

      test('ends when its signal aborts, waiting or not', async (store) => {
        await createAll(store, ['a', 'b'])
        const controller = new AbortController()
        const seen: string[] = []
        const watching = (async () => {
          for await (const event of store.watch(all, { signal: controller.signal }))
            seen.push(describeEvent(event))
        })()
        await eventually(() => seen.length === 2)
        controller.abort()
        await watching
        for await (const _ of store.watch(all, { signal: controller.signal })) assert.fail('an event')
      })

      test('ends when its iterator is returned, waiting or not', async (store) => {
        const iterator = store.watch(all, { resourceVersion: '1' })[Symbol.asyncIterator]()
        const waiting = iterator.next()
        await new Promise((resolve) => setTimeout(resolve, 5))
        await iterator.return?.()
        assert.equal((await waiting).done, true)
        await createAll(store, ['a'])
        assert.equal((await iterator.next()).done, true)
      })

      test('answers calls of next in their order', async (store) => {
        const iterator = store.watch(all, { resourceVersion: '1' })[Symbol.asyncIterator]()
        const events = Promise.all([iterator.next(), iterator.next(), iterator.next()])
        await createAll(store, ['a', 'b', 'c'])
        assert.deepEqual(
          (await events).map(({ value }) => describeEvent(value)),
          ['ADDED a 2', 'ADDED b 3', 'ADDED c 4'],
        )
        await iterator.return?.()
      })

      test('lets a slow reader catch up', async (store) => {
        const iterator = store.watch(all, { resourceVersion: '1' })[Symbol.asyncIterator]()
        const many = Array.from({ length: 3000 }, (_, index) => `n${String(index).padStart(4, '0')}`)
        await createAll(store, many)
        for (const [index, name] of many.entries()) {
          const { value } = await iterator.next()
          assert.equal(describeEvent(value), `ADDED ${name} ${index + 2}`)
        }
        await iterator.return?.()
      })

      test('serves many watchers at once', async (store) => {
        const watchers = Array.from({ length: 20 }, () => take(store, 300, { resourceVersion: '1' }))
        const many = Array.from({ length: 300 }, (_, index) => `n${String(index).padStart(3, '0')}`)
        for (const name of many) await store.create(key(name), configMap(name))
        const expected = many.map((name, index) => `ADDED ${name} ${index + 2}`)
        for (const events of await Promise.all(watchers)) assert.deepEqual(events, expected)
      })

      test('ends when the store is closed', async (store) => {
        const watching = take(store, 1, {})
        await new Promise((resolve) => setTimeout(resolve, 10))
        await store.close()
        assert.deepEqual(await watching, [])
      })
    })

    describe('changes', () => changesBehaviour(test))

    describe('clock', () =>
      clockBehaviour((title, body) =>
        it(title, async () => {
          const clock = new MovableClock()
          const store = await open({ bookmarkInterval: 20, clock })
          try {
            await body(store, clock)
          } finally {
            await store.close()
          }
        }),
      ))

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

function withVersion<T extends KubernetesObject>(object: T, resourceVersion: string): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion } }
}

async function createAll(store: StorageInterface, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => store.create(key(name), configMap(name))))
}

function update(store: StorageInterface, name: string, value: string): Promise<ConfigMap> {
  return store.guaranteedUpdate<ConfigMap>(key(name), (current) => ({
    object: { ...current!, data: { value } },
  }))
}

function replace(store: StorageInterface, object: ConfigMap): Promise<ConfigMap> {
  return store.guaranteedUpdate<ConfigMap>(key(object.metadata.name!), () => ({ object }))
}

function names(list: { items: KubernetesObject[] }): (string | undefined)[] {
  return list.items.map(({ metadata }) => metadata.name)
}

function nameOf(event: WatchEvent): string | undefined {
  return event.type === 'ERROR' ? undefined : event.object.metadata.name
}

function describeEvent(event: WatchEvent): string {
  if (event.type === 'ERROR') return `ERROR ${event.object.message}`
  return `${event.type} ${event.object.metadata.name} ${event.object.metadata.resourceVersion}`
}

async function take(
  store: StorageInterface,
  count: number,
  options: StorageWatchOptions,
  prefix: Parameters<StorageInterface['watch']>[0] = all,
): Promise<string[]> {
  const events: string[] = []
  for await (const event of store.watch(prefix, options)) {
    if (events.push(describeEvent(event)) === count) break
  }
  return events
}

async function rejects(
  promise: Promise<unknown>,
  is: (error: unknown) => boolean,
  message?: string | RegExp,
): Promise<StatusError> {
  const error = await promise.then(
    () => assert.fail('should have been rejected'),
    (error: unknown) => error,
  )
  assert.ok(isStatusError(error) && is(error), `unexpected error: ${String(error)}`)
  if (typeof message === 'string') assert.equal(error.message, message)
  else if (message !== undefined) assert.match(error.message, message)
  return error
}
