import type { KubernetesObject, WatchEvent } from '@k1s/apimachinery'
import { createRuntime, mergePatch } from '@k1s/core'
import { MemoryEngine, MvccStore } from '@k1s/storage'
import { expect, test } from 'vitest'
import { apiRequest, failure, onEachStore } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, itemDefinition, Namespaces, namespace } from './kinds.ts'

type Told = [type: string, name: string | undefined]

const tell = ({ type, object }: WatchEvent<KubernetesObject>): Told => [
  type,
  'metadata' in object ? (object as KubernetesObject).metadata.name : undefined,
]

onEachStore((opened) => {
  /** The first `count` events of a watch. */
  async function take<T extends KubernetesObject>(events: AsyncIterable<WatchEvent<T>>, count: number) {
    const seen: WatchEvent<T>[] = []
    if (count === 0) return seen
    for await (const event of events) if (seen.push(event) === count) break
    return seen
  }
  const now = async () => (await opened.client.list(ConfigMaps)).metadata.resourceVersion!
  const labelled = (name: string, app: string) => configMap(name, { metadata: { name, labels: { app } } })

  test('tells every change after a resourceVersion, once and in order', async () => {
    const resourceVersion = await now()
    const created = await opened.client.create(configMap('a'))
    const updated = await opened.client.update({ ...created, data: { x: 'y' } })
    await opened.client.delete(ConfigMaps, { name: 'a' })
    const events = await take(opened.client.watch(ConfigMaps, { resourceVersion }), 3)
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    expect(events[0]?.object).toEqual(created)
    expect(events[1]?.object).toEqual(updated)
    const last = events[2]?.object as typeof updated
    expect(last).toEqual({
      ...updated,
      metadata: { ...updated.metadata, resourceVersion: last.metadata.resourceVersion },
    })
    expect(Number(last.metadata.resourceVersion)).toBeGreaterThan(Number(updated.metadata.resourceVersion))
  })

  test('without a resourceVersion starts with what is there', async () => {
    await opened.client.create(configMap('a'))
    const watching = take(opened.client.watch(ConfigMaps), 2)
    await opened.client.create(configMap('b'))
    expect((await watching).map(tell)).toEqual([
      ['ADDED', 'a'],
      ['ADDED', 'b'],
    ])
  })

  test('tells what starts to match as ADDED and what stops as DELETED', async () => {
    const resourceVersion = await now()
    await opened.client.create(labelled('a', 'other'))
    await opened.client.update(labelled('a', 'x'))
    await opened.client.update({ ...labelled('a', 'x'), data: { k: 'v' } })
    await opened.client.update(labelled('a', 'other'))
    await opened.client.delete(ConfigMaps, { name: 'a' })
    await opened.client.create(labelled('end', 'x'))
    const events = await take(opened.client.watch(ConfigMaps, { resourceVersion, labelSelector: 'app=x' }), 4)
    expect(events.map(tell)).toEqual([
      ['ADDED', 'a'],
      ['MODIFIED', 'a'],
      ['DELETED', 'a'],
      ['ADDED', 'end'],
    ])
  })

  test('of one object by field selector', async () => {
    const resourceVersion = await now()
    await opened.client.create(configMap('a'))
    await opened.client.create(configMap('b'))
    const events = await take(
      opened.client.watch(ConfigMaps, { resourceVersion, fieldSelector: 'metadata.name=b' }),
      1,
    )
    expect(events.map(tell)).toEqual([['ADDED', 'b']])
  })

  test('of a namespace', async () => {
    const resourceVersion = await now()
    await opened.client.create(configMap('a', { metadata: { name: 'a', namespace: 'kube-system' } }))
    await opened.client.create(configMap('b'))
    const events = await take(opened.client.watch(ConfigMaps, { resourceVersion, namespace: 'default' }), 1)
    expect(events.map(tell)).toEqual([['ADDED', 'b']])
  })

  test('sendInitialEvents tells what is there and then that this was all', async () => {
    await opened.client.create(configMap('a'))
    const revision = await now()
    const events = await take(
      opened.client.watch(ConfigMaps, { sendInitialEvents: true, allowWatchBookmarks: true }),
      2,
    )
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK'])
    expect(events[1]?.object).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { resourceVersion: revision, annotations: { 'k8s.io/initial-events-end': 'true' } },
    })
  })

  test('sendInitialEvents: false starts from now', async () => {
    await opened.client.create(configMap('a'))
    const watching = take(opened.client.watch(ConfigMaps, { sendInitialEvents: false }), 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await opened.client.create(configMap('b'))
    expect((await watching).map(tell)).toEqual([['ADDED', 'b']])
  })

  test('ends after timeoutSeconds', async () => {
    await opened.client.create(configMap('a'))
    const seen: Told[] = []
    for await (const event of opened.client.watch(ConfigMaps, { timeoutSeconds: 1 })) seen.push(tell(event))
    expect(seen).toEqual([['ADDED', 'a']])
  })

  test('ends when it is aborted, also while it waits', async () => {
    const abort = new AbortController()
    const seen: Told[] = []
    setTimeout(() => abort.abort(), 30)
    for await (const event of opened.client.watch(ConfigMaps, { signal: abort.signal }))
      seen.push(tell(event))
    expect(seen).toEqual([])
  })

  test('of a resource that is not served fails before the first event', async () => {
    const watch = opened.client.watch({ ...ConfigMaps, plural: 'nothings' })
    expect(await failure(take(watch, 1))).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    })
  })

  test.each(['abc', '-1'])('resourceVersion %s is refused', async (resourceVersion) => {
    expect(await failure(take(opened.client.watch(ConfigMaps, { resourceVersion }), 1))).toMatchObject({
      code: 400,
    })
  })

  test('a selector that cannot be read is refused', async () => {
    expect(await failure(take(opened.client.watch(ConfigMaps, { labelSelector: 'a b' }), 1))).toMatchObject({
      code: 400,
    })
  })

  test('from a resourceVersion of the future waits for what is written after it', async () => {
    const resourceVersion = String(Number(await now()) + 1)
    const watching = take(opened.client.watch(ConfigMaps, { resourceVersion }), 1)
    await opened.client.create(configMap('a'))
    await opened.client.create(configMap('b'))
    expect((await watching).map(tell)).toEqual([['ADDED', 'b']])
  })

  test('with initial events at a resourceVersion of the future is an ERROR event', async () => {
    const options = { resourceVersion: '1000000', sendInitialEvents: true }
    const [event] = await take(opened.client.watch(ConfigMaps, options), 1)
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 504, reason: 'Timeout' } })
  })

  test.each([
    [
      { sendInitialEvents: true },
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      { sendInitialEvents: false, resourceVersionMatch: 'Exact' },
      '[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
    ],
    [
      { resourceVersionMatch: 'NotOlderThan', continue: 'x' },
      '[resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided]',
    ],
  ] as const)('options %j are refused', async (options, problem) => {
    const request = { ...apiRequest({ verb: 'watch', resource: 'configmaps' }), options }
    expect(await failure(take(opened.runtime.transport.watch(request), 1))).toMatchObject({
      code: 422,
      message: `ListOptions.meta.k8s.io "" is invalid: ${problem}`,
    })
  })

  test('custom resources come in the version that was asked for', async () => {
    await opened.client.create(itemDefinition())
    const { metadata } = await opened.client.list(Items)
    await opened.client.create(item('a', { spec: {} }))
    await opened.client.patch(item('a'), mergePatch({ spec: { quantity: 2 } }))
    const events = await take(opened.client.watch(Items, { resourceVersion: metadata.resourceVersion! }), 2)
    expect(events.map(({ object }) => (object as typeof object & { spec: unknown }).spec)).toEqual([
      { color: 'grey' },
      { color: 'grey', quantity: 2 },
    ])
  })

  test('watches that share their objects get them each in the version that it asked for', async () => {
    const resourceVersion = await now()
    await opened.client.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'a', namespace: 'default' },
      involvedObject: { kind: 'ConfigMap', namespace: 'default', name: 'b' },
      message: 'text',
    })
    const watch = (group: string) =>
      opened.runtime.transport.watch(
        apiRequest({
          verb: 'watch',
          group,
          resource: 'events',
          options: { resourceVersion },
          sharesObjects: true,
        }),
      )
    const [core] = await take(watch(''), 1)
    const [events] = await take(watch('events.k8s.io'), 1)
    const [again] = await take(watch(''), 1)
    expect(core?.object).toMatchObject({ apiVersion: 'v1', message: 'text' })
    expect(events?.object).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'text' })
    expect(again?.object).toEqual(core?.object)
  })

  test('of namespaces tells their end', async () => {
    const { metadata } = await opened.client.list(Namespaces)
    await opened.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } })
    await opened.client.delete(Namespaces, { name: 'a' })
    const events = await take(
      opened.client.watch(Namespaces, { resourceVersion: metadata.resourceVersion! }),
      3,
    )
    expect(events.map(tell)).toContainEqual(['ADDED', 'a'])
    expect(events.map(tell)).toContainEqual(['MODIFIED', 'a'])
  })
})

test.each(['waiting', 'in the middle of an event'])(
  'ends without an error when the runtime is closed, %s',
  async (when) => {
    const runtime = await createRuntime({ storage: { type: 'memory' } })
    await runtime.client.create(configMap('a'))
    await runtime.client.create(configMap('b'))
    const seen: Told[] = []
    for await (const event of runtime.client.watch(ConfigMaps)) {
      seen.push(tell(event))
      if (when !== 'waiting') await runtime.close()
      else if (seen.length === 2) setTimeout(() => runtime.close(), 20)
    }
    expect(seen).toEqual([
      ['ADDED', 'a'],
      ['ADDED', 'b'],
    ])
  },
)

test('a revision that is compacted is an ERROR event with 410 Expired', async () => {
  const store = new MvccStore(new MemoryEngine())
  await using runtime = await createRuntime({ storage: store })
  const { metadata } = await runtime.client.create(configMap('a'))
  await runtime.client.create(configMap('b'))
  await store.compact(await store.currentRevision())
  for await (const event of runtime.client.watch(ConfigMaps, {
    resourceVersion: metadata.resourceVersion!,
  })) {
    expect(event).toMatchObject({
      type: 'ERROR',
      object: {
        kind: 'Status',
        status: 'Failure',
        code: 410,
        reason: 'Expired',
        message: expect.stringMatching(/^too old resource version: /),
      },
    })
    break
  }
  const at = { resourceVersion: metadata.resourceVersion!, resourceVersionMatch: 'Exact' } as const
  expect(await failure(runtime.client.list(ConfigMaps, at))).toMatchObject({
    code: 410,
    reason: 'Expired',
    message: 'The resourceVersion for the provided list is too old.',
  })
})

test('bookmarks name the kind and the revision that has been passed', async () => {
  const store = new MvccStore(new MemoryEngine(), { bookmarkInterval: 20 })
  await using runtime = await createRuntime({ storage: store })
  const { metadata } = await runtime.client.list(ConfigMaps)
  const watch = runtime.client.watch(ConfigMaps, {
    resourceVersion: metadata.resourceVersion!,
    allowWatchBookmarks: true,
  })
  const other = await runtime.client.create(namespace('a'))
  for await (const event of watch) {
    expect(event).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1' } })
    const object = event.object as typeof other
    expect(Number(object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
      Number(other.metadata.resourceVersion),
    )
    break
  }
})
