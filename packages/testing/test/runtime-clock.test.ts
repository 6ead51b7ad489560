import { isBadRequest, isForbidden, isNotFound, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import { createRuntime, defineKind } from '@k1s/core'
import { openStorage, storagePrefix } from '@k1s/storage'
import { FakeClock } from '@k1s/testing'
import { expect, test } from 'vitest'

const core = { group: '', version: 'v1', namespaced: true }
const ConfigMaps = { ...core, kind: 'ConfigMap', plural: 'configmaps' }
const Events = { ...core, kind: 'Event', plural: 'events' }
const Namespaces = { ...core, kind: 'Namespace', plural: 'namespaces', namespaced: false }

const hour = 3_600_000
const configMap = (name: string, metadata: object = {}): Unstructured => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
})
const event = (name: string): Unstructured => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'default' },
  involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
  lastTimestamp: '2026-01-01T00:00:00Z',
  type: 'Normal',
})

async function runtimeAt(start?: Date) {
  const clock = new FakeClock(start)
  const runtime = await createRuntime({ storage: { type: 'memory' }, clock })
  return { clock, runtime, client: runtime.client, [Symbol.asyncDispose]: () => runtime.close() }
}

test('a runtime has the clock that it was given, or that of its store', async () => {
  await using made = await runtimeAt()
  expect(made.runtime.clock).toBe(made.clock)
  const clock = new FakeClock()
  const storage = await openStorage({ type: 'memory', clock })
  await using runtime = await createRuntime({ storage })
  expect(runtime.clock).toBe(clock)
  const other = createRuntime({ storage, clock: new FakeClock() })
  expect(isBadRequest(await other.catch((error) => error))).toBe(true)
})

test('objects are created, written and deleted at the time of the clock', async () => {
  await using made = await runtimeAt(new Date('2031-02-03T04:05:06.789Z'))
  const { client, clock } = made
  const created = await client.create(configMap('a', { finalizers: ['example.com/hold'] }))
  expect(created.metadata.creationTimestamp).toBe('2031-02-03T04:05:06Z')
  const namespace = await client.get(Namespaces, { name: 'default' })
  expect(namespace.metadata.creationTimestamp).toBe('2031-02-03T04:05:06Z')
  await clock.advance(10_000)
  const updated = await client.update({ ...created, data: { a: '1' } })
  expect(updated.metadata.managedFields?.map(({ time }) => time)).toEqual(['2031-02-03T04:05:16Z'])
  await clock.advance(1000)
  const deleted = await client.delete(ConfigMaps, { name: 'a' })
  expect(deleted?.metadata.deletionTimestamp).toBe('2031-02-03T04:05:17Z')
})

test('ages in tables are those at the time of the clock', async () => {
  await using made = await runtimeAt()
  const { client, clock } = made
  await client.create(configMap('a'))
  await client.create(event('e'))
  await clock.advance(42 * 60_000)
  const table = await client.table(ConfigMaps)
  expect(table.rows[0]?.cells.at(-1)).toBe('42m')
  expect((await client.table(Events)).rows[0]?.cells[0]).toBe('42m')
})

test('Events expire when their time has come, which watches are told', async () => {
  await using made = await runtimeAt()
  const { client, clock } = made
  await client.create(event('first'))
  await clock.advance(hour / 2)
  await client.create(event('second'))
  const seen: string[] = []
  const watching = (async () => {
    for await (const { type, object } of client.watch(Events) as AsyncIterable<WatchEvent<Unstructured>>) {
      seen.push(`${type} ${(object as Unstructured).metadata.name} at ${(clock.now() / 60_000) % 1440}`)
      if (seen.length === 4) break
    }
  })()
  await clock.advance(hour / 2 - 1)
  expect(seen).toEqual(['ADDED first at 30', 'ADDED second at 30'])
  await clock.advance(hour)
  await watching
  expect(seen.slice(2)).toEqual(['DELETED first at 60', 'DELETED second at 90'])
  expect(isNotFound(await client.get(Events, { name: 'second' }).catch((error) => error))).toBe(true)
  expect(clock.pendingTimers).toBe(0)
})

test('what has expired gives its place in a quota back', async () => {
  await using made = await runtimeAt()
  const { client, clock, runtime } = made
  const Tickets = defineKind({
    group: 'garden.example.com',
    version: 'v1',
    kind: 'Ticket',
    plural: 'tickets',
    namespaced: true,
    strategy: { ttl: () => 3600 },
  })
  runtime.registerAPI(Tickets)
  await client.create({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'one' },
    spec: { hard: { 'count/tickets.garden.example.com': '1' } },
  } as Unstructured)
  const ticket = (name: string) => ({
    apiVersion: 'garden.example.com/v1',
    kind: 'Ticket',
    metadata: { name },
  })
  await client.create(ticket('a'))
  await clock.advance(hour - 1)
  expect(isForbidden(await client.create(ticket('b')).catch((error) => error))).toBe(true)
  await clock.advance(1)
  await client.create(ticket('b'))
})

test('history is forgotten by the time of the clock', async () => {
  const clock = new FakeClock()
  const storage = await openStorage({ type: 'memory', clock, retention: { age: hour, revisions: 5 } })
  await using runtime = await createRuntime({ storage })
  const write = async (count: number) => {
    for (let index = 0; index < count; index++)
      await runtime.client.create(configMap(`c${clock.now()}-${index}`))
  }
  await write(20)
  expect(await storage.compactRevision()).toBe(0)
  await clock.advance(2 * hour)
  await write(2)
  expect(await storage.compactRevision()).toBeGreaterThan(0)
  expect((await storage.stats(storagePrefix({ tenant: 'default', resource: 'configmaps' }))).count).toBe(22)
})
