import { hostname } from 'node:os'
import type { KubernetesObject } from '@k1s/apimachinery'
import { type Client, createRuntime, type Kind } from '@k1s/core'
import { createSeriesBroadcaster, type RecordedEvent, type SeriesEvent } from '@k1s/core/events'
import { FakeClock } from '@k1s/testing'
import { expect, test } from 'vitest'

const Events: Kind<SeriesEvent> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
}
const CoreEvents: Kind<RecordedEvent> = { ...Events, group: '' } as Kind<RecordedEvent>

const configMap: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', uid: 'u' },
}
const minute = 60_000

/** A store in memory, the writes of Events to it, and a recorder. `fail` may make a write fail. */
async function newStore(fail: () => void = () => {}) {
  const clock = new FakeClock()
  const runtime = await createRuntime({ storage: { type: 'memory' }, clock })
  const writes: string[] = []
  const client: Client = Object.create(runtime.client, {
    create: {
      value: async (event: SeriesEvent, options?: object) => {
        writes.push(`create ${event.series?.count ?? 1}`)
        fail()
        return runtime.client.create(event, options)
      },
    },
    patch: {
      value: async (event: SeriesEvent, patch: never, options?: object) => {
        writes.push(`patch ${event.series?.count}`)
        fail()
        return runtime.client.patch(event, patch, options)
      },
    },
  })
  const errors: string[] = []
  const onError = (error: unknown) => errors.push((error as Error).message)
  const broadcaster = createSeriesBroadcaster({ client, clock, onError })
  const recorder = broadcaster.newRecorder({
    reportingController: 'example.com/charger',
    reportingInstance: 'charger-1',
  })
  const record = (note = 'full', object = configMap) =>
    recorder.eventf(object, undefined, 'Normal', 'BatteryFull', 'Charge', '%s', note)
  const events = async () => (await runtime.client.list(Events)).items
  return {
    clock,
    client: runtime.client,
    broadcaster,
    recorder,
    record,
    writes,
    errors,
    events,
    [Symbol.asyncDispose]: () => runtime.close(),
  }
}

test('an event says who did what to which objects', async () => {
  await using store = await newStore()
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }
  const recorder = store.broadcaster.newRecorder({
    reportingController: 'example.com/charger',
    user: { name: 'jane' },
  })
  recorder.annotatedEventf(configMap, node, { color: 'red' }, 'Warning', 'Low', 'Charge', '%d volts', 9)
  await store.clock.advance(0)
  await store.broadcaster.flush()
  const [event] = await store.events()
  const { metadata, ...rest } = event!
  expect(rest).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'example.com/charger',
    reportingInstance: `example.com/charger-${hostname()}`,
    action: 'Charge',
    reason: 'Low',
    regarding: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'default', uid: 'u' },
    related: { apiVersion: 'v1', kind: 'Node', name: 'n' },
    note: '9 volts',
    type: 'Warning',
  })
  expect(metadata).toMatchObject({
    name: 'a.18867251edfa0000',
    annotations: { color: 'red', 'k1s.dev/user': 'jane' },
    managedFields: [{ manager: 'example.com/charger' }],
  })
  expect(store.errors).toEqual([])
})

test('the second is written as a series, the next ones when it is flushed', async () => {
  await using store = await newStore()
  for (let i = 0; i < 4; i++) {
    store.record(`${i}`)
    await store.clock.advance(1000)
  }
  expect(store.writes).toEqual(['create 1', 'patch 2'])
  await store.broadcaster.flush()
  await store.broadcaster.flush()
  expect(store.writes).toEqual(['create 1', 'patch 2', 'patch 4'])
  const series = { count: 4, lastObservedTime: '2026-01-01T00:00:03.000000Z' }
  const [event, ...others] = await store.events()
  expect({ event, others }).toMatchObject({ event: { note: '0', series }, others: [] })
  expect((await store.client.list(CoreEvents)).items).toMatchObject([
    { series, message: '0', reportingComponent: 'example.com/charger' },
  ])
  const [table, coreTable] = await Promise.all([store.client.table(Events), store.client.table(CoreEvents)])
  expect(table.rows[0]?.cells).toEqual(coreTable.rows[0]?.cells)
})

test('what happens before the first could be written is one write', async () => {
  await using store = await newStore()
  for (let i = 0; i < 3; i++) store.record()
  await store.broadcaster.shutdown()
  expect((await store.events()).map(({ series }) => series?.count)).toEqual([3])
  store.record()
  expect(store.errors).toEqual(['Unable to record event (will not retry!): broadcaster already stopped'])
})

test('a series ends six minutes after the last of it, with its count', async () => {
  await using store = await newStore()
  for (let i = 0; i < 3; i++) store.record()
  await store.clock.advance(minute)
  store.record()
  store.record()
  await store.clock.advance(11 * minute)
  expect((await store.events()).map(({ series }) => series?.count)).toEqual([5])
  expect(store.clock.pendingTimers).toBeLessThanOrEqual(2)
  store.record()
  await store.broadcaster.flush()
  expect((await store.events()).map(({ series }) => series?.count)).toEqual([5, undefined])
})

test('a series that goes on is written every half hour', async () => {
  await using store = await newStore()
  for (let i = 0; i < 62; i++) {
    store.record()
    await store.clock.advance(minute)
  }
  expect(store.writes).toEqual(['create 1', 'patch 2', 'patch 30', 'patch 60'])
})

test('an event that is gone is created with its series', async () => {
  await using store = await newStore()
  store.record()
  await store.broadcaster.flush()
  const [event] = await store.events()
  await store.client.delete(event as KubernetesObject)
  store.record()
  await store.broadcaster.flush()
  expect((await store.events()).map(({ metadata, series }) => [metadata.name, series?.count])).toEqual([
    [event!.metadata.name, 2],
  ])
})

test('events of other actions, reasons, objects and controllers are others', async () => {
  await using store = await newStore()
  const { recorder, broadcaster } = store
  recorder.eventf(configMap, undefined, 'Normal', 'A', 'Charge', '')
  recorder.eventf(configMap, undefined, 'Normal', 'B', 'Charge', '')
  recorder.eventf(configMap, undefined, 'Normal', 'A', 'Drain', '')
  recorder.eventf(configMap, undefined, 'Warning', 'A', 'Charge', '')
  const other = { ...configMap, metadata: { ...configMap.metadata, name: 'b' } }
  recorder.eventf(other, undefined, 'Normal', 'A', 'Charge', '')
  recorder.eventf(configMap, other, 'Normal', 'A', 'Charge', '')
  const another = broadcaster.newRecorder({ reportingController: 'example.com/other' })
  another.eventf(configMap, undefined, 'Normal', 'A', 'Charge', '')
  await broadcaster.flush()
  expect((await store.events()).map(({ series }) => series)).toEqual(Array(7).fill(undefined))
})

test('what the store refuses is told once, and what is no event at once', async () => {
  await using store = await newStore()
  const { recorder, broadcaster, errors } = store
  recorder.eventf(configMap, undefined, 'Normal', 'A', '', 'no action')
  recorder.eventf(configMap, undefined, 'Odd' as 'Normal', 'A', 'Charge', 'text')
  recorder.eventf({ ...configMap, metadata: {} }, undefined, 'Normal', 'A', 'Charge', 'text')
  await broadcaster.flush()
  await broadcaster.flush()
  expect(errors).toEqual([
    'Unsupported event type "Odd", will not report event: Odd A of ConfigMap a: text',
    'Could not construct reference, will not report event: Normal A: text: the ConfigMap has no name',
    expect.stringMatching(
      /^Server rejected event \(will not retry!\): Event\.events\.k8s\.io "a\.\w+" is invalid: action: Required value/,
    ),
  ])
})

test('a server that cannot be reached is tried again, and gets the count of then', async () => {
  let isThere = false
  await using store = await newStore(() => {
    if (!isThere) throw new Error('nobody listens')
  })
  store.record()
  await store.clock.advance(0)
  store.record()
  isThere = true
  await store.clock.advance(12_500)
  expect((await store.events()).map(({ series }) => series?.count)).toEqual([2])
  expect(store.errors).toEqual(['Unable to write event (may retry after sleeping): nobody listens'])
})
