import {
  type KubernetesObject,
  newAlreadyExists,
  newForbidden,
  newInternalError,
  newNotFound,
  StatusError,
} from '@k1s/apimachinery'
import { type Client, createRuntime, type Kind } from '@k1s/core'
import {
  clientSink,
  createEventBroadcaster,
  type EventBroadcasterOptions,
  type EventPatch,
  type EventSink,
  type RecordedEvent,
} from '@k1s/core/events'
import { FakeClock } from '@k1s/testing'
import { describe, expect, test } from 'vitest'

const core = { group: '', version: 'v1', namespaced: true }
const Events: Kind<RecordedEvent> = { ...core, kind: 'Event', plural: 'events' }
const EventsOfTheGroup: Kind = { ...Events, group: 'events.k8s.io' } as Kind

const configMap: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', uid: 'u', resourceVersion: '7' },
}

/** A store in memory whose Events are recorded, and what a broadcaster has to complain of. */
async function newStore(options: EventBroadcasterOptions = {}) {
  const clock = new FakeClock()
  const runtime = await createRuntime({ storage: { type: 'memory' }, clock })
  const { client } = runtime
  const errors: string[] = []
  const onError = (error: unknown) => errors.push((error as Error).message)
  const broadcaster = createEventBroadcaster({ client, clock, onError, ...options })
  const events = async () => (await client.list(Events)).items
  return { clock, client, broadcaster, errors, events, [Symbol.asyncDispose]: () => runtime.close() }
}

describe('an event in the store', () => {
  test('says who records what about which object, and when', async () => {
    await using store = await newStore()
    const recorder = store.broadcaster.newRecorder({ component: 'painter', host: 'attic' })
    recorder.eventf(configMap, 'Warning', 'TooBlue', 'the %s is %d%% blue', 'sky', 90)
    await store.broadcaster.flush()
    const [event] = await store.events()
    const { metadata, ...rest } = event!
    expect(rest).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      involvedObject: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: 'a',
        namespace: 'default',
        uid: 'u',
        resourceVersion: '7',
      },
      type: 'Warning',
      reason: 'TooBlue',
      message: 'the sky is 90% blue',
      source: { component: 'painter', host: 'attic' },
      reportingComponent: 'painter',
      reportingInstance: 'attic',
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
    })
    expect(metadata).toMatchObject({ name: 'a.18867251edfa0000', namespace: 'default' })
    expect(metadata.managedFields?.map(({ manager }) => manager)).toEqual(['painter'])
  })

  test('counts in both of its views, until it is gone and starts again with its count', async () => {
    await using store = await newStore()
    const { broadcaster, client, clock } = store
    const recorder = broadcaster.newRecorder({ component: 'painter' })
    for (let i = 0; i < 3; i++) {
      recorder.event(configMap, 'Normal', 'Painted', 'again')
      await broadcaster.flush()
      await clock.advance(60_000)
    }
    const [event] = await store.events()
    const times = { first: '2026-01-01T00:00:00Z', last: '2026-01-01T00:02:00Z' }
    expect(event).toMatchObject({ count: 3, firstTimestamp: times.first, lastTimestamp: times.last })
    expect(await client.get(EventsOfTheGroup, { name: event!.metadata.name! })).toMatchObject({
      deprecatedCount: 3,
      deprecatedFirstTimestamp: times.first,
      deprecatedLastTimestamp: times.last,
      reportingController: 'painter',
    })
    const tables = await Promise.all([Events, EventsOfTheGroup].map((kind) => client.table(kind)))
    expect(tables.map(({ rows }) => rows[0]?.cells)).toEqual([
      tables[0]!.rows[0]!.cells,
      tables[0]!.rows[0]!.cells,
    ])

    await client.delete(event as KubernetesObject)
    recorder.event(configMap, 'Normal', 'Painted', 'again')
    await broadcaster.flush()
    const again = (await store.events()).map(({ metadata, count, firstTimestamp }) => {
      return { name: metadata.name, count, firstTimestamp }
    })
    expect(again).toEqual([{ name: event!.metadata.name, count: 4, firstTimestamp: times.first }])
    expect(store.errors).toEqual([])
  })

  test('is in the namespace of its object, or in default if that has none', async () => {
    await using store = await newStore()
    const recorder = store.broadcaster.newRecorder({ component: 'c' })
    recorder.event({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }, 'Normal', 'A', '')
    recorder.event({ ...configMap, metadata: { name: 'm', namespace: 'kube-system' } }, 'Normal', 'A', '')
    await store.broadcaster.flush()
    expect((await store.events()).map(({ metadata }) => metadata.namespace)).toEqual([
      'default',
      'kube-system',
    ])
    expect(store.errors).toEqual([])
  })

  test('has a name of its own, whenever it is recorded and whatever its object is called', async () => {
    await using store = await newStore()
    const recorder = store.broadcaster.newRecorder({ component: 'c' })
    for (const reason of ['A', 'B', 'C']) recorder.event(configMap, 'Normal', reason, '')
    const role = { apiVersion: 'v1', kind: 'Role', metadata: { name: 'system:Node' } }
    recorder.event(role, 'Normal', 'A', '')
    await store.broadcaster.flush()
    const names = (await store.events()).map(({ metadata }) => metadata.name!)
    expect(names.filter((name) => name.startsWith('a.'))).toHaveLength(3)
    expect(names.filter((name) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name))).toHaveLength(1)
    expect(store.errors).toEqual([])
  })

  test('names user, controller and instance, and has the annotations it was given', async () => {
    await using store = await newStore()
    const recorder = store.broadcaster.newRecorder({
      component: 'c'.repeat(200),
      reportingController: 'example.com/c',
      reportingInstance: 'c-1',
      user: { name: 'jane', groups: ['painters'] },
    })
    recorder.annotatedEventf(configMap, { color: 'red' }, 'Normal', 'A', '%j', { b: 1 })
    await store.broadcaster.flush()
    const [event] = await store.events()
    expect(event).toMatchObject({
      message: '{"b":1}',
      metadata: {
        annotations: { color: 'red', 'k1s.dev/user': 'jane' },
        managedFields: [{ manager: 'c'.repeat(128) }],
      },
      reportingComponent: 'example.com/c',
      reportingInstance: 'c-1',
    })
  })
})

test.each<[string, unknown, string, string, string]>([
  [
    'a type',
    configMap,
    'Odd',
    'A',
    'Unsupported event type "Odd", will not report event: Odd A of ConfigMap a: text',
  ],
  [
    'a reason',
    configMap,
    'Normal',
    '',
    'Unsupported event reason, will not report event: Normal  of ConfigMap a: text',
  ],
  [
    'a name',
    { ...configMap, metadata: {} },
    'Normal',
    'A',
    'Could not construct reference, will not report event: Normal A: text: the ConfigMap has no name',
  ],
  [
    'a kind',
    { metadata: { name: 'a' } },
    'Normal',
    'A',
    'Could not construct reference, will not report event: Normal A: text: the object has no apiVersion or no kind',
  ],
  [
    'an object',
    undefined,
    'Normal',
    'A',
    "Could not construct reference, will not report event: Normal A: text: can't reference a nil object",
  ],
])('an event without %s is told and not thrown', async (_, object, type, reason, message) => {
  await using store = await newStore()
  const recorder = store.broadcaster.newRecorder({ component: 'c' })
  recorder.event(object as KubernetesObject, type as 'Normal', reason, 'text')
  await store.broadcaster.flush()
  expect({ errors: store.errors, events: await store.events() }).toEqual({ errors: [message], events: [] })
})

test('what a value of a message throws is told and not thrown', async () => {
  await using store = await newStore()
  const value = {
    toString() {
      throw new Error('no text')
    },
  }
  store.broadcaster.newRecorder({ component: 'c' }).eventf(configMap, 'Normal', 'A', '%s', value)
  expect(store.errors).toEqual(['no text'])
})

/** A broadcaster to a sink that answers what `answer` says. */
function newBroadcast(
  answer: (event: RecordedEvent, patch?: EventPatch) => Promise<unknown> = async () => {},
  more: EventBroadcasterOptions = {},
) {
  const clock = new FakeClock()
  const errors: string[] = []
  const onError = (error: unknown) => errors.push((error as Error).message)
  const broadcaster = createEventBroadcaster({ clock, onError, ...more })
  const requests: string[] = []
  const sink: EventSink = {
    async create(event) {
      requests.push(`create ${event.message}`)
      await answer(event)
      return event
    },
    async patch(event, patch) {
      requests.push(`patch ${event.message} ${patch.count}`)
      await answer(event, patch)
      return event
    },
  }
  const stop = broadcaster.startRecordingToSink(sink)
  const recorder = broadcaster.newRecorder({ component: 'c' })
  const record = (message: string, name = 'a') =>
    recorder.event({ ...configMap, metadata: { name } }, 'Normal', 'A', message)
  return { clock, errors, broadcaster, requests, stop, record }
}

/** Whether a promise is settled already. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol()
  await new Promise((resolve) => setImmediate(resolve))
  return (await Promise.race([promise, pending])) !== pending
}

describe('an event that cannot be written', () => {
  test('is tried twelve times, ten seconds apart', async () => {
    const { record, broadcaster, clock, requests, errors } = newBroadcast(async () => {
      throw new Error('nobody listens')
    })
    record('lost')
    const flushed = broadcaster.flush()
    // The first time it is anything up to ten seconds.
    await clock.advance(10_000)
    for (let tries = 2; tries < 12; tries++) {
      expect(requests.length).toBeGreaterThanOrEqual(tries)
      await clock.advance(10_000)
    }
    expect(requests).toHaveLength(12)
    await flushed
    expect(errors).toEqual([
      ...Array.from({ length: 11 }, () => 'Unable to write event (may retry after sleeping): nobody listens'),
      'Unable to write event (retry limit exceeded!): nobody listens',
    ])
  })

  test('is written when it can be, before what is recorded later', async () => {
    let isThere = false
    const { record, broadcaster, clock, requests } = newBroadcast(async () => {
      if (!isThere) throw new Error('nobody listens')
    })
    record('first')
    record('second')
    record('elsewhere', 'b')
    const flushed = broadcaster.flush()
    await clock.advance(0)
    isThere = true
    await clock.advance(10_000)
    await flushed
    expect(requests.slice(0, 2)).toEqual(['create first', 'create elsewhere'])
    expect(requests.filter((request) => !request.includes('elsewhere'))).toEqual([
      'create first',
      'create first',
      'create second',
    ])
  })

  test.each([
    ['forbidden', newForbidden({ group: '', resource: 'events' }, 'a', 'so it is')],
    ['failed by the server', newInternalError(new Error('broken'))],
  ])('is not tried again if it is %s', async (_, error) => {
    const { record, broadcaster, requests, errors } = newBroadcast(async () => {
      throw error
    })
    record('lost')
    await broadcaster.flush()
    expect(requests).toHaveLength(1)
    expect(errors).toEqual([`Server rejected event (will not retry!): ${error.message}`])
  })

  test.each([
    ['it is there', newAlreadyExists({ group: '', resource: 'events' }, 'a')],
    [
      'its namespace is deleted',
      new StatusError({
        code: 403,
        reason: 'Forbidden',
        message: 'namespace terminates',
        details: { causes: [{ reason: 'NamespaceTerminating' }] },
      }),
    ],
  ])('is not tried again without a word if %s', async (_, error) => {
    const { record, broadcaster, requests, errors } = newBroadcast(async () => {
      throw error
    })
    record('lost')
    await broadcaster.flush()
    expect({ requests, errors }).toEqual({ requests: ['create lost'], errors: [] })
  })

  test('is created if it is no longer there to be counted', async () => {
    const { record, broadcaster, requests } = newBroadcast(async (_, patch) => {
      if (patch !== undefined) throw newNotFound({ group: '', resource: 'events' }, 'a')
    })
    record('x')
    record('x')
    await broadcaster.flush()
    expect(requests).toEqual(['create x', 'patch x 2', 'create x'])
  })

  test('is given up by a shutdown, which tries once what was not tried yet', async () => {
    const { record, broadcaster, requests, errors, clock } = newBroadcast(async () => {
      throw new Error('nobody listens')
    })
    record('first')
    record('second')
    await clock.advance(0)
    await broadcaster.shutdown()
    expect(requests).toEqual(['create first', 'create second'])
    expect(errors).toEqual([
      'Unable to write event (may retry after sleeping): nobody listens',
      'Unable to write event (broadcaster is shut down): nobody listens',
      'Unable to write event (broadcaster is shut down): nobody listens',
    ])
    expect(clock.pendingTimers).toBe(0)
  })
})

describe('a broadcaster', () => {
  test('writes of several objects at a time, and of each in order', async () => {
    const gates = new Map<string, () => void>()
    const { record, broadcaster, requests } = newBroadcast(
      ({ message }) => new Promise<void>((resolve) => gates.set(message, resolve)),
    )
    for (const message of ['a1', 'a2']) record(message, 'a')
    record('b1', 'b')
    const flushed = broadcaster.flush()
    expect(await isSettled(flushed)).toBe(false)
    expect(requests).toEqual(['create a1', 'create b1'])
    gates.get('a1')!()
    expect(await isSettled(flushed)).toBe(false)
    expect(requests).toEqual(['create a1', 'create b1', 'create a2'])
    for (const message of ['a2', 'b1']) gates.get(message)!()
    await flushed
  })

  test('flushes what was recorded so far', async () => {
    const gates = new Map<string, () => void>()
    const { record, broadcaster } = newBroadcast(
      ({ message }) => new Promise<void>((resolve) => gates.set(message, resolve)),
    )
    record('before')
    const flushed = broadcaster.flush()
    record('after', 'b')
    gates.get('before')!()
    await flushed
    expect(await isSettled(broadcaster.flush())).toBe(false)
  })

  test('writes many more events than there are writers', async () => {
    await using store = await newStore()
    const recorder = store.broadcaster.newRecorder({ component: 'c' })
    for (let i = 0; i < 500; i++) {
      recorder.event({ ...configMap, metadata: { name: `n${i % 100}` } }, 'Normal', `R${i}`, '')
    }
    await store.broadcaster.shutdown()
    expect((await store.events()).length).toBe(500)
    expect(store.errors).toEqual([])
  })

  test('drops what comes when 10,000 wait, and says so', async () => {
    const { record, errors, requests, broadcaster } = newBroadcast(async () => {})
    for (let i = 0; i < 10_034; i++) record(String(i), `n${i}`)
    await broadcaster.flush()
    // 32 are being written already.
    expect(requests).toHaveLength(10_032)
    expect(errors).toEqual([
      'Unable to record event: too many queued events, dropped event',
      'Unable to record event: too many queued events, dropped event',
    ])
  })

  test('refuses what is recorded after its shutdown', async () => {
    const { record, broadcaster, requests, errors } = newBroadcast()
    record('before')
    await broadcaster.shutdown()
    record('after')
    await broadcaster.shutdown()
    expect(requests).toEqual(['create before'])
    expect(errors).toEqual(['Unable to record event (will not retry!): broadcaster already stopped'])
  })

  test('tells watchers and logs of each event, until they stop', async () => {
    const { record, broadcaster, stop, requests } = newBroadcast()
    const seen: string[] = []
    const lines: string[] = []
    const stopWatcher = broadcaster.startEventWatcher(async ({ message, count }) => {
      seen.push(`${message} ${count}`)
    })
    const stopLogging = broadcaster.startLogging((line) => lines.push(line))
    record('one')
    record('one')
    for (const end of [stop, stopWatcher, stopLogging]) end()
    record('two')
    await broadcaster.flush()
    expect(seen).toEqual(['one 1', 'one 1'])
    expect(requests).toEqual(['create one', 'patch one 2'])
    expect(lines).toHaveLength(2)
    expect(lines[0]).toBe(
      'Event(v1.ObjectReference{Kind:"ConfigMap", Namespace:"", Name:"a", UID:"", APIVersion:"v1", ResourceVersion:"", FieldPath:""}): type: \'Normal\' reason: \'A\' one',
    )
  })

  test('tells what a watcher throws, and goes on', async () => {
    const { record, broadcaster, requests, errors } = newBroadcast()
    broadcaster.startEventWatcher(() => {
      throw new Error('thrown')
    })
    broadcaster.startEventWatcher(async () => {
      throw new Error('rejected')
    })
    record('x')
    await broadcaster.flush()
    expect({ requests, errors }).toEqual({ requests: ['create x'], errors: ['thrown', 'rejected'] })
  })

  test('writes to several sinks, each with counts of its own', async () => {
    await using store = await newStore()
    const { broadcaster, client } = store
    const recorder = broadcaster.newRecorder({ component: 'c' })
    recorder.event(configMap, 'Normal', 'A', 'x')
    await broadcaster.flush()
    await client.delete((await store.events())[0] as KubernetesObject)
    broadcaster.startRecordingToSink(inNamespace(client, 'kube-system'))
    recorder.event(configMap, 'Normal', 'A', 'x')
    await broadcaster.flush()
    const counts = (await store.events()).map(({ metadata, count }) => [metadata.namespace, count])
    expect(counts).toEqual([
      ['default', 2],
      ['kube-system', 1],
    ])
  })
})

/** Keeps Events about a ConfigMap of another name in another namespace. */
function inNamespace(client: Client, namespace: string): EventSink {
  const sink = clientSink(client)
  const moved = (event: RecordedEvent): RecordedEvent => ({
    ...event,
    metadata: { ...event.metadata, namespace },
    involvedObject: { ...event.involvedObject, namespace },
  })
  return {
    create: (event) => sink.create(moved(event)),
    patch: (event, patch) => sink.patch(moved(event), patch),
  }
}
