import assert from 'node:assert/strict'
import { isBadRequest, isNotFound, newBadRequest } from '@k1s/apimachinery'
import type { StorageCompanion } from '../interface.ts'
import { all, type ConfigMap, configMap, inDefault, key, rejects, take, tenant } from './config-maps.ts'
import type { StoreTest } from './runner.ts'

/** The contract of companions, which are written with an object. */
export function companionBehaviour(test: StoreTest): void {
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
    await Promise.all(wanted.map((name) => store.create(key(name), configMap(name), { companion: countUp })))
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
}
