import type { Unstructured } from '@k1s/apimachinery'
import { isNotFound } from '@k1s/apimachinery'
import { createRuntime, type Runtime } from '@k1s/core'
import {
  createLister,
  createSharedInformer,
  createSharedInformerFactory,
  type SharedIndexInformer,
  waitForCacheSync,
} from '@k1s/core/informers'
import { FakeClock } from '@k1s/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConfigMap, ConfigMaps, configMap, Namespaces, namespace } from './kinds.ts'
import { bookmark, listed, object, ScriptedSource } from './scripted-source.ts'

let runtime: Runtime
let stop: AbortController
let running: Promise<void>[]
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  stop = new AbortController()
  running = []
})
afterEach(async () => {
  stop.abort()
  await Promise.all(running)
  await runtime.close()
})

function run<T extends Unstructured>(informer: SharedIndexInformer<T>): SharedIndexInformer<T> {
  running.push(informer.run(stop.signal))
  return informer
}

/** What a handler is told, as texts. */
function recorded(told: string[]) {
  return {
    onAdd: ({ metadata }: Unstructured, initial: boolean) =>
      void told.push(`add ${metadata.name}${initial ? ' initially' : ''}`),
    onUpdate: (_: Unstructured, { metadata }: Unstructured) => void told.push(`update ${metadata.name}`),
    onDelete: ({ metadata }: Unstructured, unknown: boolean) =>
      void told.push(`delete ${metadata.name}${unknown ? ' unknown' : ''}`),
  }
}

describe('an informer', () => {
  test('tells of what is there and of what happens, and has it in its indexer', async () => {
    const { client } = runtime
    const first = await client.create(configMap('a'))
    const informer = createSharedInformer(ConfigMaps, { client })
    const told: unknown[] = []
    const registration = informer.addEventHandler({
      onAdd: ({ metadata }, isInInitialList) => void told.push(['add', metadata.name, isInInitialList]),
      onUpdate: (previous, { metadata, data }) =>
        void told.push(['update', metadata.name, previous.data, data]),
      onDelete: ({ metadata }, isStateUnknown) => void told.push(['delete', metadata.name, isStateUnknown]),
    })
    run(informer)
    await registration.synced
    await client.update({ ...first, data: { x: '1' } })
    await client.create(configMap('b'))
    await client.delete(ConfigMaps, { name: 'a' })
    await expect.poll(() => told.length, { interval: 5 }).toBe(4)
    expect(told).toEqual([
      ['add', 'a', true],
      ['update', 'a', undefined, { x: '1' }],
      ['add', 'b', false],
      ['delete', 'a', false],
    ])
    expect(informer.indexer.list().map(({ metadata }) => metadata.name)).toEqual(['b'])
  })

  test('has more objects than a page', async () => {
    const { client } = runtime
    const names = Array.from({ length: 1100 }, (_, index) => `map-${index}`)
    await Promise.all(names.map((name) => client.create(configMap(name))))
    const informer = run(createSharedInformer(ConfigMaps, { client }))
    await informer.synced
    expect(informer.indexer.size).toBe(1100)
  })

  test('of a selector sees objects go that no longer match', async () => {
    const { client } = runtime
    const labelled = await client.create(configMap('a', { metadata: { labels: { hall: 'north' } } }))
    const told: string[] = []
    const informer = createSharedInformer(ConfigMaps, { client, labelSelector: 'hall=north' })
    const registration = informer.addEventHandler(recorded(told))
    run(informer)
    await registration.synced
    await client.update({ ...labelled, metadata: { ...labelled.metadata, labels: {} } })
    await expect.poll(() => told, { interval: 5 }).toEqual(['add a initially', 'delete a'])
  })

  test('of metadata has no content', async () => {
    const { client } = runtime
    await client.create(configMap('a', { data: { x: '1' } }))
    const informer = run(createSharedInformer(ConfigMaps, { client, onlyMetadata: true }))
    await informer.synced
    await client.create(configMap('b', { data: { x: '1' } }))
    await expect.poll(() => informer.indexer.size, { interval: 5 }).toBe(2)
    for (const kept of informer.indexer.list()) {
      expect(Object.keys(kept).sort()).toEqual(['apiVersion', 'kind', 'metadata'])
      expect(kept.kind).toBe('PartialObjectMetadata')
    }
  })

  test('has the objects of its watch in common with others, unless it transforms them', async () => {
    const { client } = runtime
    const informers = [1, 2, 3].map(() => createSharedInformer(ConfigMaps, { client }))
    informers[2]!.setTransform((kept) => {
      delete kept.metadata.managedFields
      return kept
    })
    for (const informer of informers) run(informer)
    await Promise.all(informers.map(({ synced }) => synced))
    await client.create(configMap('a', { data: { x: '1' } }))
    const kept = () => informers.map(({ indexer }) => indexer.get('default/a'))
    await expect.poll(() => kept().includes(undefined), { interval: 5 }).toBe(false)
    const [one, two, three] = kept()
    expect(one).toBe(two)
    expect(one!.metadata.managedFields).toHaveLength(1)
    expect(three!.metadata.managedFields).toBeUndefined()
  })

  test('finds objects by indexes, also by those that it gets while it runs', async () => {
    const { client } = runtime
    await client.create(configMap('a', { data: { color: 'red' } }))
    const informer = createSharedInformer(ConfigMaps, {
      client,
      indexers: { color: ({ data }) => Object.values(data ?? {}) },
    })
    run(informer)
    await informer.synced
    informer.addIndexers({ name: ({ metadata }) => [metadata.name!] })
    await client.create(configMap('b', { data: { color: 'red' } }))
    await expect.poll(() => informer.indexer.byIndex('color', 'red').length, { interval: 5 }).toBe(2)
    expect(informer.indexer.byIndex('name', 'b')).toHaveLength(1)
    expect(informer.indexer.indexValues('color')).toEqual(['red'])
    expect(() => informer.addIndexers({ name: () => [] })).toThrow('there is an index name already')
  })

  test('can be changed only before it runs, runs once, and takes nothing more when it has ended', async () => {
    const informer = run(createSharedInformer(ConfigMaps, { client: runtime.client }))
    expect(() => informer.setTransform((kept) => kept)).toThrow('informer has already started')
    expect(() => informer.setWatchErrorHandler(() => {})).toThrow('informer has already started')
    await expect(informer.run(stop.signal)).rejects.toThrow('informer has already started')
    stop.abort()
    await running[0]
    expect(() => informer.addEventHandler({})).toThrow('has stopped already')
    expect(() => informer.addIndexers({ x: () => [] })).toThrow('has stopped already')
  })

  test('whose watch error handler throws ends with that', async () => {
    const informer = createSharedInformer({ ...ConfigMaps, plural: 'nothings' }, { client: runtime.client })
    informer.setWatchErrorHandler((error) => {
      throw error
    })
    await expect(informer.run(stop.signal)).rejects.toThrow(
      'the server could not find the requested resource',
    )
  })

  test('without a handler of watch errors warns', async () => {
    const warnings: string[] = []
    const listener = ({ message }: Error) => warnings.push(message)
    process.on('warning', listener)
    run(createSharedInformer({ ...ConfigMaps, plural: 'nothings' }, { client: runtime.client }))
    await expect.poll(() => warnings.length, { interval: 5 }).toBe(1)
    process.off('warning', listener)
    expect(warnings[0]).toBe('Failed to watch nothings: the server could not find the requested resource')
  })
})

describe('a handler', () => {
  async function scripted(clock = new FakeClock(), resyncPeriod = 0) {
    const source = new ScriptedSource(listed('7', [object('a', '1'), object('b', '2')]))
    const informer = createSharedInformer(ConfigMaps, { client: source.client, clock, resyncPeriod })
    return { source, clock, informer, settle: () => clock.advance(0) }
  }

  test('that is slow does not hold up another one, and is told in order', async () => {
    const { source, informer, settle } = await scripted()
    const slow: string[] = []
    const fast: string[] = []
    const goOn: (() => void)[] = []
    const registration = informer.addEventHandler({
      onAdd: ({ metadata }) => {
        slow.push(metadata.name!)
        return new Promise((resolve) => goOn.push(resolve))
      },
    })
    informer.addEventHandler(recorded(fast))
    run(informer)
    await settle()
    source.watch.send({ type: 'ADDED', object: object('c', '8') })
    await settle()
    expect(fast).toEqual(['add a initially', 'add b initially', 'add c'])
    expect(slow).toEqual(['a'])
    expect([informer.hasSynced, registration.hasSynced]).toEqual([true, false])
    goOn.shift()!()
    await settle()
    expect([slow, registration.hasSynced]).toEqual([['a', 'b'], false])
    goOn.shift()!()
    await registration.synced
    await settle()
    expect([slow, registration.hasSynced]).toEqual([['a', 'b', 'c'], true])
    goOn.shift()!()
  })

  test('that comes late is told of all objects first, and has synced then', async () => {
    const { source, informer, settle } = await scripted()
    run(informer)
    await settle()
    source.watch.send({ type: 'ADDED', object: object('c', '8') })
    await settle()
    const told: string[] = []
    const registration = informer.addEventHandler(recorded(told))
    source.watch.send({ type: 'MODIFIED', object: object('a', '9') })
    expect([registration.hasSynced, told]).toEqual([false, []])
    await registration.synced
    expect(told.slice(0, 3)).toEqual(['add a initially', 'add b initially', 'add c initially'])
    await settle()
    expect(told.slice(3)).toEqual(['update a'])
  })

  test('has reached a version when it was told of all that happened until then', async () => {
    const { source, informer, settle } = await scripted()
    const goOn: (() => void)[] = []
    const slow = informer.addEventHandler({
      onAdd: () => new Promise((resolve) => goOn.push(resolve)),
    })
    const fast = informer.addEventHandler({})
    const reached = () => [slow.resourceVersion, fast.resourceVersion]
    expect(reached()).toEqual(['', ''])
    run(informer)
    await settle()
    expect(reached()).toEqual(['', '7'])
    goOn.shift()!()
    await settle()
    source.watch.send({ type: 'ADDED', object: object('c', '8') }, bookmark('20'))
    await settle()
    expect(reached()).toEqual(['', '20'])
    goOn.shift()!()
    await settle()
    expect(reached()).toEqual(['7', '20'])
    goOn.shift()!()
    await settle()
    expect(reached()).toEqual(['20', '20'])
    const late = informer.addEventHandler({})
    expect(late.resourceVersion).toBe('')
    await late.synced
    await settle()
    expect(late.resourceVersion).toBe('20')
  })

  test('that is removed is told nothing more', async () => {
    const { source, informer, settle } = await scripted()
    const told: string[] = []
    const handler = recorded(told)
    const registration = informer.addEventHandler({
      onAdd: (added, initial) => {
        handler.onAdd(added, initial)
        informer.removeEventHandler(registration)
      },
    })
    run(informer)
    await settle()
    source.watch.send({ type: 'ADDED', object: object('c', '8') })
    await settle()
    expect(told).toEqual(['add a initially'])
    expect(registration.hasSynced).toBe(false)
  })

  test('is told of everything that was seen before the informer ends', async () => {
    const { source, informer, settle } = await scripted()
    const told: string[] = []
    const goOn: (() => void)[] = []
    informer.addEventHandler({
      onAdd: ({ metadata }) =>
        new Promise((resolve) => {
          goOn.push(() => {
            told.push(metadata.name!)
            resolve()
          })
        }),
    })
    let ended = false
    const run = informer.run(stop.signal).then(() => {
      ended = true
    })
    await settle()
    source.watch.send({ type: 'ADDED', object: object('c', '8') })
    await settle()
    stop.abort()
    for (let left = 3; left > 0; left--) {
      await settle()
      expect(ended).toBe(false)
      goOn.shift()!()
    }
    await run
    expect(told).toEqual(['a', 'b', 'c'])
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('broken handler')
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken handler'))],
  ])('that %s ends the informer with its error, others are told what was seen', async (_, onAdd) => {
    const { informer } = await scripted()
    const told: string[] = []
    informer.addEventHandler({ onAdd })
    informer.addEventHandler(recorded(told))
    await expect(informer.run(stop.signal)).rejects.toThrow('broken handler')
    expect(told).toEqual(['add a initially', 'add b initially'])
  })

  test('gets what a transform made, of objects that go as well', async () => {
    const { source, informer, settle } = await scripted()
    informer.setTransform(({ data: _, ...kept }) => ({ ...kept, transformed: true }) as ConfigMap)
    const told: unknown[] = []
    informer.addEventHandler({ onDelete: (deleted) => void told.push(deleted) })
    run(informer)
    await settle()
    source.watch.send({ type: 'DELETED', object: object('a', '8', { x: 'y' }) })
    await settle()
    const { data: _, ...rest } = object('a', '8')
    expect(told).toEqual([{ ...rest, transformed: true }])
    expect(informer.indexer.get('default/b')).toHaveProperty('transformed', true)
  })

  test('is told of all objects every so often, each by its own period', async () => {
    const { clock, informer } = await scripted(new FakeClock(), 10_000)
    const often: string[] = []
    const seldom: string[] = []
    const never: string[] = []
    const same: boolean[] = []
    informer.addEventHandler({
      ...recorded(often),
      onUpdate: (previous, now) => {
        same.push(previous === now)
        often.push(now.metadata.name!)
      },
    })
    informer.addEventHandler(recorded(never), { resyncPeriod: 0 })
    run(informer)
    await clock.advance(1)
    informer.addEventHandler(recorded(seldom), { resyncPeriod: 25_000 })
    await clock.advance(30_000)
    expect(often.slice(2)).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
    expect(new Set(same)).toEqual(new Set([true]))
    expect(seldom.slice(2)).toEqual(['update a', 'update b'])
    expect(never.slice(2)).toEqual([])
    stop.abort()
    await clock.advance(30_000)
    expect(clock.pendingTimers).toBe(0)
    expect(often).toHaveLength(8)
  })

  test('that is still at the last resync is not told of the next one', async () => {
    const { clock, informer } = await scripted(new FakeClock(), 1)
    const told: string[] = []
    let goOn = () => {}
    informer.addEventHandler({
      onUpdate: (_, { metadata }) => {
        told.push(metadata.name!)
        return new Promise((resolve) => {
          goOn = resolve
        })
      },
    })
    run(informer)
    await clock.advance(5000)
    expect(told).toEqual(['a'])
    goOn()
    await clock.advance(5000)
    expect(told).toEqual(['a', 'b'])
    goOn()
    await clock.advance(1000)
    expect(told).toEqual(['a', 'b', 'a'])
    goOn()
    await clock.advance(0)
    goOn()
  })
})

describe('a lister', () => {
  test('lists by labels and namespace, and gets', async () => {
    const { client } = runtime
    await client.create(namespace('other', { metadata: { labels: { x: 'y' } } }))
    await client.create(configMap('a', { metadata: { labels: { hall: 'north' } } }))
    await client.create(configMap('b'))
    await client.create(configMap('a', { metadata: { namespace: 'other' } }))
    const maps = run(createSharedInformer(ConfigMaps, { client }))
    const namespaces = run(createSharedInformer(Namespaces, { client }))
    expect(await waitForCacheSync(stop.signal, maps, namespaces)).toBe(true)
    const lister = createLister(maps.indexer, ConfigMaps)
    const names = (objects: ConfigMap[]) =>
      objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()
    expect(names(lister.list())).toEqual(['default/a', 'default/b', 'other/a'])
    expect(names(lister.list('hall=north'))).toEqual(['default/a'])
    expect(names(lister.namespace('default').list('!hall'))).toEqual(['default/b'])
    expect(names(lister.namespace('').list())).toHaveLength(3)
    expect(lister.namespace('other').get('a').metadata.namespace).toBe('other')
    expect(createLister(namespaces.indexer, Namespaces).get('other').metadata.labels).toMatchObject({
      x: 'y',
    })
  })

  test('does not find what is not there, in the words of client-go', () => {
    const kind = { ...ConfigMaps, group: 'inventory.example.com', plural: 'items' }
    const lister = createLister(createSharedInformer(kind, { client: runtime.client }).indexer, kind)
    let error: unknown
    try {
      lister.namespace('default').get('x')
    } catch (thrown) {
      error = thrown
    }
    expect(isNotFound(error)).toBe(true)
    expect(String(error)).toContain('items.inventory.example.com "x" not found')
  })
})

describe('a factory', () => {
  test('makes one informer for each kind, and runs those that it was asked for', async () => {
    const { client } = runtime
    await client.create(configMap('a', { metadata: { labels: { hall: 'north' } }, data: { x: 'y' } }))
    await client.create(configMap('b'))
    const factory = createSharedInformerFactory(client, {
      namespace: 'default',
      tweakListOptions: ({ kind }) => (kind === 'ConfigMap' ? { labelSelector: 'hall' } : {}),
      transform: (kept) => ({ ...kept, metadata: { ...kept.metadata, annotations: { seen: 'yes' } } }),
    })
    const maps = factory.forKind(ConfigMaps)
    expect(factory.forKind({ ...ConfigMaps })).toBe(maps)
    factory.start(stop.signal)
    const secrets = factory.forKind({ ...ConfigMaps, kind: 'Secret', plural: 'secrets' })
    expect(await factory.waitForCacheSync(stop.signal)).toBe(true)
    expect([maps.informer.hasSynced, secrets.informer.hasSynced]).toEqual([true, false])
    const [only, ...others] = maps.lister.namespace('default').list()
    expect([only?.metadata.name, only?.metadata.annotations, others]).toEqual(['a', { seen: 'yes' }, []])
    factory.start(stop.signal)
    expect(await factory.waitForCacheSync(stop.signal)).toBe(true)
    expect(secrets.informer.hasSynced).toBe(true)
    stop.abort()
    await factory.shutdown()
    factory.forKind(Namespaces)
    factory.start(new AbortController().signal)
    expect(factory.forKind(Namespaces).informer.lastSyncResourceVersion).toBe('')
  })

  test('says that its informers have not synced when the waiting is aborted', async () => {
    const factory = createSharedInformerFactory(new ScriptedSource(new Error('broken')).client, {
      clock: new FakeClock(),
    })
    factory.forKind(ConfigMaps).informer.setWatchErrorHandler(() => {})
    factory.start(stop.signal)
    const waiting = new AbortController()
    const synced = factory.waitForCacheSync(waiting.signal)
    waiting.abort()
    expect(await synced).toBe(false)
    stop.abort()
    await factory.shutdown()
  })
})
