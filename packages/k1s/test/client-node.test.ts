import { openStorage } from '@k1s/storage'
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  Watch,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { gaugeDefinition } from './every-kind.ts'
import { ServerProcess } from './server-process.ts'

interface Gauge extends KubernetesObject {
  spec: { count?: number; label?: string }
  status?: { count?: number }
}

const gauges = { group: 'lab.k1s.dev', version: 'v1', namespace: 'default', plural: 'gauges' }
const gauge = (name: string, count = 1): Gauge => ({
  apiVersion: 'lab.k1s.dev/v1',
  kind: 'Gauge',
  metadata: { name, namespace: 'default' },
  spec: { count },
})
const patchedBy = (type: PatchStrategy) => setHeaderOptions('Content-Type', type)
/** What the API answered to what failed, as the client tells it. */
const failure = async (
  promise: Promise<unknown>,
): Promise<{ code: number; reason?: string; message?: string }> => {
  const { code, body } = await promise.then(
    () => expect.fail('it was expected to fail'),
    (error: { code: number; body: string | object }) => error,
  )
  return { code, ...((typeof body === 'string' ? JSON.parse(body) : body) as object) }
}

describe.each(['k1s', 'k1s-below'])('@kubernetes/client-node in the context %s', (context) => {
  const server = new ServerProcess('lmdb')
  const config = new KubeConfig()
  let core: CoreV1Api
  let custom: CustomObjectsApi
  let objects: KubernetesObjectApi
  const tenant = context === 'k1s' ? [] : ['--tenant=below']
  /** Works on the store of the server, beside it. */
  const k1s = (args: readonly string[], input = '') => server.sandbox.succeed([...args, ...tenant], { input })

  beforeAll(async () => {
    await server.start()
    config.loadFromFile(server.kubeconfig)
    config.setCurrentContext(context)
    core = config.makeApiClient(CoreV1Api)
    custom = config.makeApiClient(CustomObjectsApi)
    objects = KubernetesObjectApi.makeApiClient(config)
    await k1s(['create', '-f', '-'], gaugeDefinition)
    await vi.waitUntil(() =>
      custom.listNamespacedCustomObject(gauges).then(
        () => true,
        () => false,
      ),
    )
  })
  afterAll(async () => {
    await server.stop()
    server.sandbox.remove()
  })

  describe('CoreV1Api', () => {
    test('creates, reads, replaces and deletes', async () => {
      const body = { metadata: { name: 'crud' }, data: { a: 'b' } }
      const created = await core.createNamespacedConfigMap({ namespace: 'default', body })
      expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date)
      const replaced = await core.replaceNamespacedConfigMap({
        name: 'crud',
        namespace: 'default',
        body: { ...created, data: { a: 'c' } },
      })
      expect(replaced.data).toEqual({ a: 'c' })
      const stale = core.replaceNamespacedConfigMap({ name: 'crud', namespace: 'default', body: created })
      expect(await failure(stale)).toMatchObject({ code: 409, reason: 'Conflict' })
      expect(await core.deleteNamespacedConfigMap({ name: 'crud', namespace: 'default' })).toMatchObject({
        status: 'Success',
      })
      const gone = core.readNamespacedConfigMap({ name: 'crud', namespace: 'default' })
      expect(await failure(gone)).toMatchObject({
        code: 404,
        reason: 'NotFound',
        message: 'configmaps "crud" not found',
      })
    })

    test('patches in all ways', async () => {
      const name = 'patched'
      const namespace = 'default'
      const object: V1ConfigMap = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data: { a: 'b' },
      }
      await core.createNamespacedConfigMap({ namespace, body: object })
      const patch = async (type: PatchStrategy, body: object, options = {}) =>
        (await core.patchNamespacedConfigMap({ name, namespace, body, ...options }, patchedBy(type))).data
      expect(await patch(PatchStrategy.MergePatch, { data: { c: 'd' } })).toEqual({ a: 'b', c: 'd' })
      expect(await patch(PatchStrategy.JsonPatch, [{ op: 'remove', path: '/data/a' }])).toEqual({ c: 'd' })
      expect(await patch(PatchStrategy.StrategicMergePatch, { data: { e: 'f' } })).toEqual({ c: 'd', e: 'f' })
      const applied = { ...object, data: { c: 'x' } }
      const apply = (force: boolean) =>
        patch(PatchStrategy.ServerSideApply, applied, { fieldManager: 'tester', force })
      expect(await failure(apply(false))).toMatchObject({ code: 409, reason: 'Conflict' })
      expect(await apply(true)).toEqual({ c: 'x', e: 'f' })
    })

    test('lists in pages, and deletes collections', async () => {
      const namespace = 'pages'
      await core.createNamespace({ body: { metadata: { name: namespace } } })
      const names = Array.from({ length: 5 }, (_, index) => `page-${index}`)
      await Promise.all(
        names.map((name) =>
          core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels: { odd: 'no' } } } }),
        ),
      )
      const seen: string[] = []
      let _continue: string | undefined
      do {
        const { items, metadata } = await core.listNamespacedConfigMap({ namespace, limit: 2, _continue })
        seen.push(...items.map((item) => item.metadata!.name!))
        _continue = metadata?._continue
      } while (_continue)
      expect(seen).toEqual(names)
      await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'odd=no' })
      expect((await core.listNamespacedConfigMap({ namespace })).items).toEqual([])
      await core.deleteNamespace({ name: namespace })
    })

    test('reads and patches a status', async () => {
      const name = 'default'
      expect((await core.readNamespaceStatus({ name })).status?.phase).toBe('Active')
      const body = { metadata: { labels: { seen: 'yes' } } }
      const patched = await core.patchNamespace({ name, body }, patchedBy(PatchStrategy.MergePatch))
      expect(patched.metadata?.labels).toMatchObject({ seen: 'yes' })
    })
  })

  describe('CustomObjectsApi', () => {
    test('creates, lists, patches, scales and deletes', async () => {
      const named = { ...gauges, name: 'own' }
      await custom.createNamespacedCustomObject({ ...gauges, body: gauge('own') })
      const list = (await custom.listNamespacedCustomObject({
        ...gauges,
        fieldSelector: 'metadata.name=own',
      })) as {
        items: Gauge[]
      }
      expect(list.items.map(({ spec }) => spec)).toEqual([{ count: 1 }])
      const merge = patchedBy(PatchStrategy.MergePatch)
      await custom.patchNamespacedCustomObject({ ...named, body: { spec: { label: 'x' } } }, merge)
      await custom.patchNamespacedCustomObjectStatus({ ...named, body: { status: { count: 1 } } }, merge)
      await custom.patchNamespacedCustomObjectScale({ ...named, body: { spec: { replicas: 7 } } }, merge)
      expect(await custom.getNamespacedCustomObject(named)).toMatchObject({
        spec: { count: 7, label: 'x' },
        status: { count: 1 },
      })
      const refused = custom.patchNamespacedCustomObject({ ...named, body: { spec: { count: 'x' } } }, merge)
      expect(await failure(refused)).toMatchObject({ code: 422, reason: 'Invalid' })
      await custom.deleteNamespacedCustomObject(named)
      expect(await failure(custom.getNamespacedCustomObject(named))).toMatchObject({ code: 404 })
    })

    test('lists in pages, and deletes collections', async () => {
      await Promise.all(
        ['p', 'q', 'r'].map((name) => custom.createNamespacedCustomObject({ ...gauges, body: gauge(name) })),
      )
      const page = (await custom.listNamespacedCustomObject({ ...gauges, limit: 2 })) as {
        items: Gauge[]
        metadata: { continue: string }
      }
      const rest = (await custom.listNamespacedCustomObject({
        ...gauges,
        limit: 2,
        _continue: page.metadata.continue,
      })) as { items: Gauge[] }
      expect([...page.items, ...rest.items].map(({ metadata }) => metadata?.name)).toEqual(['p', 'q', 'r'])
      await custom.deleteCollectionNamespacedCustomObject(gauges)
      expect(await custom.listNamespacedCustomObject(gauges)).toMatchObject({ items: [] })
    })
  })

  test('KubernetesObjectApi finds kinds by discovery, and applies', async () => {
    const applied = (count: number, fieldManager: string, force = false) =>
      objects.patch(
        gauge('dynamic', count),
        undefined,
        undefined,
        fieldManager,
        force,
        PatchStrategy.ServerSideApply,
      )
    expect(await applied(1, 'one')).toMatchObject({ spec: { count: 1 } })
    expect(await failure(applied(2, 'two'))).toMatchObject({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.count',
    })
    expect(await applied(2, 'two', true)).toMatchObject({ spec: { count: 2 } })
    const header = {
      apiVersion: 'lab.k1s.dev/v1',
      kind: 'Gauge',
      metadata: { name: 'dynamic', namespace: 'default' },
    }
    const read = await objects.read<Gauge>(header)
    expect(await objects.replace({ ...read, spec: { count: 3 } })).toMatchObject({ spec: { count: 3 } })
    expect((await objects.list('lab.k1s.dev/v1', 'Gauge', 'default')).items).toHaveLength(1)
    await objects.delete(header)
    expect(await failure(objects.read(header))).toMatchObject({ code: 404 })
  })

  test('a watch that goes on after a restart of the server has every event once', async () => {
    const namespace = 'restart'
    await core.createNamespace({ body: { metadata: { name: namespace } } })
    const { metadata } = await core.listNamespacedConfigMap({ namespace })
    let resourceVersion = metadata!.resourceVersion!
    const events: string[] = []
    let isWanted = true
    const watching = (async () => {
      while (isWanted) {
        await new Promise<void>((resolve) => {
          void new Watch(config).watch(
            `/api/v1/namespaces/${namespace}/configmaps`,
            { resourceVersion, allowWatchBookmarks: true },
            (type: string, object: V1ConfigMap) => {
              resourceVersion = object.metadata!.resourceVersion!
              if (type !== 'BOOKMARK') events.push(`${type} ${object.metadata!.name}`)
            },
            () => resolve(),
          )
        })
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })()
    const create = (name: string) =>
      core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } })
    const names = (prefix: string) => Array.from({ length: 10 }, (_, index) => `${prefix}-${index}`)
    for (const name of names('before')) await create(name)
    await vi.waitUntil(() => events.length > 0, { timeout: 10_000 })
    await server.stop()
    // While no server is there, another process goes on.
    const manifests = names('meanwhile').map(
      (name) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}\n`,
    )
    await k1s(['create', '-f', '-', '-n', namespace], `---\n${manifests.join('---\n')}`)
    await server.start()
    for (const name of names('after')) await create(name)
    const wanted = [...names('before'), ...names('meanwhile'), ...names('after')].map(
      (name) => `ADDED ${name}`,
    )
    await vi.waitUntil(() => events.length >= wanted.length, { timeout: 10_000 })
    isWanted = false
    await core.deleteNamespace({ name: namespace })
    await vi.waitUntil(() => events.some((event) => event.startsWith('DELETED')), { timeout: 10_000 })
    expect(events.slice(0, wanted.length)).toEqual(wanted)
    await server.stop()
    await watching
    await server.start()
  })

  test('an informer goes on after a restart, and lists anew when its version is compacted', async () => {
    const namespace = 'informed'
    await core.createNamespace({ body: { metadata: { name: namespace } } })
    const path = `/api/v1/namespaces/${namespace}/configmaps`
    const list = vi.fn(() => core.listNamespacedConfigMap({ namespace }))
    const informer = makeInformer<V1ConfigMap>(config, path, list)
    const seen: string[] = []
    for (const verb of ['add', 'update', 'delete'] as const) {
      informer.on(verb, (object) => void seen.push(`${verb} ${object.metadata!.name}`))
    }
    let isStopped = false
    informer.on('error', () => {
      if (!isStopped) setTimeout(() => void informer.start(), 50)
    })
    await informer.start()
    const create = (name: string) =>
      core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } })
    const isSeen = (text: string) => vi.waitUntil(() => seen.includes(text), { timeout: 10_000 })
    await create('a')
    await isSeen('add a')

    await server.stop()
    await server.start()
    await create('b')
    await isSeen('add b')
    expect([list.mock.calls.length, seen]).toEqual([1, ['add a', 'add b']])

    await server.stop()
    await k1s(['delete', 'cm', 'a', '-n', namespace])
    const storage = await openStorage(
      { type: 'lmdb', path: server.sandbox.dataDirectory },
      { lmdb: () => import('@k1s/storage-lmdb') },
    )
    await storage.compact(await storage.currentRevision())
    await storage.close()
    await server.start()
    await isSeen('delete a')
    expect([list.mock.calls.length, seen]).toEqual([2, ['add a', 'add b', 'delete a']])
    isStopped = true
    await informer.stop()
  })
})
