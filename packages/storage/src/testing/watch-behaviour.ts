import assert from 'node:assert/strict'
import { isBadRequest, type WatchEvent } from '@k1s/apimachinery'
import { storageKey } from '../storage-key.ts'
import {
  all,
  type ConfigMap,
  configMap,
  createAll,
  describeEvent,
  inDefault,
  key,
  nameOf,
  rejects,
  replace,
  take,
  tenant,
  update,
  withVersion,
} from './config-maps.ts'
import { eventually, type StoreTest } from './runner.ts'

/** The contract of `watch` of the storage interface. */
export function watchBehaviour(test: StoreTest): void {
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
    assert.deepEqual(await take(store, 2, { resourceVersion: '1' }, key('a')), ['ADDED a 2', 'MODIFIED a 5'])
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
}
