import assert from 'node:assert/strict'
import { isNotFound } from '@k1s/apimachinery'
import { all, type ConfigMap, configMap, key, names, rejects, take, update } from './config-maps.ts'
import type { StoreTest } from './runner.ts'

/** The contract of `ttl` of the storage interface. */
export function timeToLiveBehaviour(test: StoreTest): void {
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
}
