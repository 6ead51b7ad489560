import assert from 'node:assert/strict'
import { isNotFound } from '@k1s/apimachinery'
import type { ClockTest } from './clock-behaviour.ts'
import { all, type ConfigMap, configMap, key, names, rejects, take, update } from './config-maps.ts'

/** The contract of `ttl` of the storage interface. */
export function timeToLiveBehaviour(test: ClockTest): void {
  test('hides an object at once, and removes it with an event', async (store, clock) => {
    await store.create(key('a'), configMap('a'), { ttl: 10 })
    await store.create(key('b'), configMap('b'))
    assert.equal((await store.getList(all)).items.length, 2)
    clock.pass(10_000)
    const events = await take(store, 3, { resourceVersion: '1' })
    assert.deepEqual(events, ['ADDED a 2', 'ADDED b 3', 'DELETED a 4'])
    await rejects(store.get(key('a')), isNotFound)
    assert.deepEqual(names(await store.getList(all)), ['b'])
  })

  test('that is over lets the key be created again', async (store, clock) => {
    await store.create(key('a'), configMap('a'), { ttl: 10 })
    clock.pass(10_000)
    await store.create(key('a'), configMap('a', '2'))
    assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '2')
    assert.deepEqual(await take(store, 3, { resourceVersion: '1' }), [
      'ADDED a 2',
      'DELETED a 3',
      'ADDED a 4',
    ])
  })

  test('stays as it is in an update that does not name one', async (store, clock) => {
    await store.create(key('a'), configMap('a'), { ttl: 10 })
    clock.pass(8_000)
    await update(store, 'a', '2')
    clock.pass(2_000)
    await rejects(store.get(key('a')), isNotFound)
  })

  test('can be prolonged by an update', async (store, clock) => {
    await store.create(key('a'), configMap('a'), { ttl: 10 })
    await store.guaranteedUpdate<ConfigMap>(key('a'), (current) => ({ object: current!, ttl: 60 }))
    clock.pass(59_999)
    assert.equal((await store.get<ConfigMap>(key('a'))).data.value, '1')
  })
}
