import assert from 'node:assert/strict'
import { isBadRequest, isResourceExpired, isTimeout, type Unstructured } from '@k1s/apimachinery'
import { storageKey } from '../storage-key.ts'
import {
  all,
  type ConfigMap,
  configMap,
  createAll,
  inDefault,
  key,
  names,
  rejects,
  resource,
  tenant,
  update,
} from './config-maps.ts'
import type { StoreTest } from './runner.ts'

/** The contract of `getList` of the storage interface. */
export function getListBehaviour(test: StoreTest): void {
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
}
