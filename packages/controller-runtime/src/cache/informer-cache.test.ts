import { isBadRequest, isNotFound, isTimeout, systemClock, type Unstructured } from '@k1s/apimachinery'
import { createRuntime, type Kind, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Logger, LogValues } from '../log/logger.ts'
import type { InformerCache } from './cache.ts'
import { FieldIndexes } from './field-indexes.ts'
import { createInformerCache, type InformerCacheOptions } from './informer-cache.ts'

interface ConfigMap extends Unstructured {
  data?: { [key: string]: string }
}
const ConfigMaps: Kind<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
}
const Items: Kind = {
  group: 'inventory.example.com',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
}

function configMap(namespace: string, name: string, data: { [key: string]: string } = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, labels: { name } }, data }
}

const logged: unknown[] = []
const logger: Logger = {
  debug: (message) => void logged.push(message),
  info: (message) => void logged.push(message),
  error: (error, message, values?: LogValues) => void logged.push([message, values, String(error)]),
  withValues: () => logger,
  withName: () => logger,
}

let runtime: Runtime
let stop: AbortController
let running: Promise<void>[]
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  runtime.registerAPI(Items)
  stop = new AbortController()
  running = []
  logged.length = 0
  for (const name of ['a', 'b', 'c']) {
    await runtime.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    await runtime.client.create(configMap(name, 'one', { color: 'red' }))
    await runtime.client.create(configMap(name, 'two', { color: name }))
  }
})
afterEach(async () => {
  stop.abort()
  await Promise.all(running)
  await runtime.close()
})

function newCache(options: Partial<InformerCacheOptions> = {}): InformerCache {
  return createInformerCache({
    client: runtime.client,
    indexes: new FieldIndexes(),
    clock: systemClock,
    logger,
    ...options,
  })
}

function started(options: Partial<InformerCacheOptions> = {}): InformerCache {
  const cache = newCache(options)
  running.push(cache.start(stop.signal))
  return cache
}

const namesOf = ({ items }: { items: ConfigMap[] }) =>
  items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()

test('a read waits until the objects of its kind are there, and is answered from memory', async () => {
  const cache = started()
  expect(await cache.get(ConfigMaps, { namespace: 'a', name: 'one' })).toMatchObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    data: { color: 'red' },
  })
  expect(namesOf(await cache.list(ConfigMaps, { labelSelector: 'name=two' }))).toEqual([
    'a/two',
    'b/two',
    'c/two',
  ])
  const list = await cache.list(ConfigMaps, { namespace: 'b' })
  expect(namesOf(list)).toEqual(['b/one', 'b/two'])
  expect(list).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMapList' })
  expect(Number(list.metadata.resourceVersion)).toBeGreaterThan(0)
})

test('what is written is read after the watch has told of it', async () => {
  const cache = started()
  await cache.list(ConfigMaps)
  await runtime.client.create(configMap('a', 'three'))
  await expect.poll(async () => (await cache.list(ConfigMaps, { namespace: 'a' })).items.length).toBe(3)
  await runtime.client.delete(ConfigMaps, { namespace: 'a', name: 'three' })
  await expect.poll(async () => (await cache.list(ConfigMaps, { namespace: 'a' })).items.length).toBe(2)
})

test('what it does not have is NotFound, in the words of the API', async () => {
  const cache = started()
  const missing = await cache.get(Items, { namespace: 'a', name: 'x' }).catch((error) => error)
  expect(isNotFound(missing)).toBe(true)
  expect(missing.message).toBe('items.inventory.example.com "x" not found')
})

test('objects are copies, unless the caller promises to read only', async () => {
  const cache = started()
  const mine = await cache.get(ConfigMaps, { namespace: 'a', name: 'one' })
  mine.data!.color = 'green'
  expect((await cache.get(ConfigMaps, { namespace: 'a', name: 'one' })).data).toEqual({ color: 'red' })
  const [copied] = (await cache.list(ConfigMaps, { namespace: 'a' })).items
  const [first] = (await cache.list(ConfigMaps, { namespace: 'a', sharesObjects: true })).items
  const [again] = (await cache.list(ConfigMaps, { namespace: 'a', sharesObjects: true })).items
  expect(first).toBe(again)
  expect(copied).not.toBe(first)
  expect(copied).toEqual(first)
})

test('an index finds objects by the values of its function, also one that is made later', async () => {
  const cache = newCache()
  cache.indexField(ConfigMaps, 'data.color', ({ data }) => (data?.color ? [data.color] : []))
  running.push(cache.start(stop.signal))
  const red = { 'data.color': 'red' }
  expect(namesOf(await cache.list(ConfigMaps, { matchingFields: red }))).toEqual(['a/one', 'b/one', 'c/one'])
  expect(namesOf(await cache.list(ConfigMaps, { matchingFields: red, namespace: 'b' }))).toEqual(['b/one'])
  cache.indexField(ConfigMaps, 'late', ({ metadata }) => [metadata.name!])
  expect(namesOf(await cache.list(ConfigMaps, { matchingFields: { ...red, late: 'two' } }))).toEqual([])
  expect(
    namesOf(await cache.list(ConfigMaps, { matchingFields: { 'data.color': 'b', late: 'two' } })),
  ).toEqual(['b/two'])
})

test('an index that was not made is a BadRequest', async () => {
  const list = started().list(ConfigMaps, { matchingFields: { 'data.size': 'xl' } })
  const error = await list.catch((thrown) => thrown)
  expect(isBadRequest(error)).toBe(true)
  expect(error.message).toContain('Index with name data.size does not exist')
})

test('of several namespaces it has the objects of these, and refuses to tell of others', async () => {
  const cache = started({ namespaces: ['a', 'c'] })
  expect(namesOf(await cache.list(ConfigMaps))).toEqual(['a/one', 'a/two', 'c/one', 'c/two'])
  expect(namesOf(await cache.list(ConfigMaps, { namespace: 'c' }))).toEqual(['c/one', 'c/two'])
  expect((await cache.get(ConfigMaps, { namespace: 'c', name: 'two' })).data).toEqual({ color: 'c' })
  await expect(cache.get(ConfigMaps, { namespace: 'b', name: 'two' })).rejects.toThrow(
    'unable to get: b/two because of unknown namespace for the cache',
  )
  await expect(cache.list(ConfigMaps, { namespace: 'b' })).rejects.toThrow(
    'unable to list: b because of unknown namespace for the cache',
  )
})

test('a handler of several namespaces is told of all of them, one after the other', async () => {
  const cache = started({ namespaces: ['a', 'b'] })
  const informer = cache.informerFor(ConfigMaps)
  const told: string[] = []
  let under = 0
  const registration = informer.addEventHandler({
    async onAdd({ metadata }) {
      expect(++under).toBe(1)
      await undefined
      told.push(`${metadata.namespace}/${metadata.name}`)
      under--
    },
  })
  await registration.synced
  expect(told.sort()).toEqual(['a/one', 'a/two', 'b/one', 'b/two'])
  expect(informer.indexer.size).toBe(4)
  informer.removeEventHandler(registration)
  await runtime.client.create(configMap('a', 'three'))
  await expect.poll(() => informer.indexer.get('a/three')).toBeDefined()
  expect(told.length).toBe(4)
})

test('an informer of metadata has no content and says which kind it is of', async () => {
  const cache = started()
  const informer = cache.informerFor(ConfigMaps, { onlyMetadata: true })
  expect(informer).not.toBe(cache.informerFor(ConfigMaps))
  expect(await cache.waitForCacheSync(stop.signal)).toBe(true)
  expect(informer.indexer.get('a/one')).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: expect.objectContaining({ namespace: 'a', name: 'one' }),
  })
})

test('a list by fields or of a version is one of the API', async () => {
  const cache = started()
  const list = await cache.list(ConfigMaps, { fieldSelector: 'metadata.name=two', sharesObjects: true })
  expect(namesOf(list)).toEqual(['a/two', 'b/two', 'c/two'])
  await expect(
    cache.list(ConfigMaps, { fieldSelector: 'metadata.name=two', matchingFields: { x: 'y' } }),
  ).rejects.toThrow('matchingFields: Forbidden')
})

test('a key without a namespace is one in that of the client', async () => {
  await runtime.client.create(configMap('default', 'here'))
  expect((await started().get(ConfigMaps, { name: 'here' })).metadata.namespace).toBe('default')
})

test('a cache that was not started can not be read', async () => {
  await expect(newCache().list(ConfigMaps)).rejects.toThrow('the cache is not started, can not read objects')
})

test('who waits for objects is told when the cache ends, or has aborted itself', async () => {
  const refused = { ...ConfigMaps, plural: 'nothings' }
  const cache = started()
  await expect(cache.list(refused, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  )
  const waiting = cache.list(refused).catch((error) => error)
  await expect.poll(() => logged.length).toBeGreaterThan(0)
  stop.abort()
  const error = await waiting
  expect(isTimeout(error)).toBe(true)
  expect(error.message).toContain('failed waiting for ConfigMap Informer to sync')
  expect(await cache.waitForCacheSync(stop.signal)).toBe(false)
  expect(logged[0]).toEqual([
    'Failed to watch',
    { group: '', version: 'v1', kind: 'ConfigMap' },
    expect.stringContaining('the server could not find the requested resource'),
  ])
})

test('what a handler throws ends the cache', async () => {
  const cache = newCache({ namespaces: ['a', 'b'] })
  cache.informerFor(ConfigMaps).addEventHandler({
    onAdd: () => {
      throw new Error('broken handler')
    },
  })
  await expect(cache.start(stop.signal)).rejects.toThrow('broken handler')
})
