import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesObject,
  makeInformer,
  type V1ConfigMap,
  Watch,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createTestEnvironment,
  eventually,
  type ServedEnvironment,
  type TestEnvironment,
} from '../src/index.ts'
import { ConfigMap, configMap, item, itemDefinition } from './inventory.ts'

const items = { group: 'inventory.k1s.dev', version: 'v1', namespace: 'shop', plural: 'items' }

describe.each([{ tls: false }, { tls: true }])('an environment that is served, with tls: $tls', ({ tls }) => {
  let env: TestEnvironment
  let served: ServedEnvironment
  let config: KubeConfig
  let core: CoreV1Api
  beforeAll(async () => {
    env = await createTestEnvironment({ crds: itemDefinition, namespace: 'shop', objects: item('laptop') })
    served = await env.serve({ tls, user: 'carol' })
    config = new KubeConfig()
    config.loadFromString(served.kubeconfig)
    core = config.makeApiClient(CoreV1Api)
  })
  afterAll(() => env.close())

  test('is on the loopback interface, for who has the token', async () => {
    expect(served.url).toMatch(tls ? /^https:\/\/127\.0\.0\.1:\d+$/ : /^http:\/\/127\.0\.0\.1:\d+$/)
    expect(config.getContextObject(config.currentContext)?.namespace).toBe('shop')
    const stranger = new KubeConfig()
    stranger.loadFromString(served.kubeconfig.replace(served.token, 'wrong'))
    await expect(stranger.makeApiClient(CoreV1Api).listNamespace()).rejects.toMatchObject({ code: 401 })
  })

  test('answers the client library of JavaScript, and what it wrote is there', async () => {
    const body = { metadata: { name: 'crud' }, data: { a: 'b' } }
    const created = await core.createNamespacedConfigMap({ namespace: 'shop', body })
    await core.replaceNamespacedConfigMap({
      name: 'crud',
      namespace: 'shop',
      body: { ...created, data: { a: 'c' } },
    })
    expect(await env.client.get(ConfigMap, { name: 'crud' })).toMatchObject({ data: { a: 'c' } })
    await core.deleteNamespacedConfigMap({ name: 'crud', namespace: 'shop' })
    await expect(core.readNamespacedConfigMap({ name: 'crud', namespace: 'shop' })).rejects.toMatchObject({
      code: 404,
    })
    const custom = config.makeApiClient(CustomObjectsApi)
    const { spec } = await custom.getNamespacedCustomObject({ ...items, name: 'laptop' })
    expect(spec).toEqual({ category: 'tools', quantity: 1 })
    expect(env.requests.of({ user: 'carol', resource: 'configmaps' }).toString()).toBe(
      [
        'create configmaps shop/crud → 201',
        'update configmaps shop/crud → 200',
        'delete configmaps shop/crud → 200',
        'get configmaps shop/crud → 404 NotFound',
      ].join('\n'),
    )
  })

  test('has the faults of the environment', async () => {
    const conflict = env.faults.conflict({ resource: 'configmaps', times: 1 })
    const body = configMap('taken', { namespace: 'shop' }) as V1ConfigMap
    await core.createNamespacedConfigMap({ namespace: 'shop', body })
    const replace = () => core.replaceNamespacedConfigMap({ name: 'taken', namespace: 'shop', body })
    await expect(replace()).rejects.toMatchObject({ code: 409 })
    await replace()
    expect(conflict.hits).toBe(1)
  })

  test('is watched, until its watches are dropped', async () => {
    const seen: string[] = []
    let hasEnded = false
    await new Watch(config).watch(
      '/apis/inventory.k1s.dev/v1/namespaces/shop/items',
      {},
      (type: string, { metadata }: KubernetesObject) => seen.push(`${type} ${metadata?.name}`),
      () => {
        hasEnded = true
      },
    )
    await env.client.create(item('phone'))
    await eventually(() => expect(seen).toEqual(['ADDED laptop', 'ADDED phone']))
    expect(env.faults.dropWatches({ resource: 'items.inventory.k1s.dev' }).hits).toBe(1)
    await eventually(() => expect(hasEnded).toBe(true))
  })

  test('feeds an informer, which lists again when its watch has expired', async () => {
    const path = '/api/v1/namespaces/shop/configmaps'
    const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace: 'shop' }))
    const names: string[] = []
    informer.on('add', ({ metadata }) => names.push(String(metadata?.name)))
    await informer.start()
    await env.client.create(configMap('seen'))
    await eventually(() => expect(names).toContain('seen'))
    const lists = env.requests.of({ verb: 'list', resource: 'configmaps' }).length
    env.faults.dropWatches({ resource: 'configmaps', expired: true })
    await eventually(() => {
      expect(env.requests.of({ verb: 'list', resource: 'configmaps' }).length).toBeGreaterThan(lists)
    })
    await env.client.create(configMap('seen-later'))
    await eventually(() => expect(names).toContain('seen-later'))
    await informer.stop()
  })
})

test('a kubeconfig is written where it is wanted, and removed with its endpoint', async () => {
  await using env = await createTestEnvironment()
  const served = await env.serve({ writeKubeconfig: true })
  expect(readFileSync(served.kubeconfigPath!, 'utf8')).toBe(served.kubeconfig)
  await served.close()
  expect(existsSync(served.kubeconfigPath!)).toBe(false)
  await expect(fetch(served.url)).rejects.toThrow()
  expect((await env.serve()).kubeconfigPath).toBeUndefined()
})

test('an environment that closes leaves no endpoint behind, and begins none', async () => {
  const env = await createTestEnvironment()
  const served = env.serve()
  const closed = env.close()
  await expect(served).rejects.toThrow('the environment is closed')
  await closed
  await expect(env.serve()).rejects.toThrow('the environment is closed')
  await eventually(() => expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap'))
})

test('an environment closes while a request over HTTP waits for its fake clock', async () => {
  const env = await createTestEnvironment({ clock: 'fake' })
  const { url, token } = await env.serve()
  env.faults.latency({ delay: 1e9 })
  const headers = { Authorization: `Bearer ${token}` }
  const asked = fetch(`${url}/api/v1/configmaps`, { headers }).catch((error) => error)
  await eventually(() => expect(env.requests.length).toBe(1))
  await env.close()
  await asked
  expect(env.clock.pendingTimers).toBe(0)
})

const kubectl = process.env.KUBECTL ?? 'kubectl'
const isThere = await promisify(execFile)(kubectl, ['version', '--client']).then(
  () => true,
  () => false,
)

test.skipIf(!isThere)('kubectl works on an environment (skipped without kubectl)', async () => {
  await using env = await createTestEnvironment({ crds: itemDefinition, objects: item('laptop') })
  const { kubeconfigPath } = await env.serve({ tls: true, writeKubeconfig: true })
  const run = async (...args: string[]) =>
    (
      await promisify(execFile)(kubectl, [
        `--kubeconfig=${kubeconfigPath}`,
        `--cache-dir=${kubeconfigPath}-cache`,
        ...args,
      ])
    ).stdout
  expect(await run('get', 'items', '-o', 'name')).toBe('item.inventory.k1s.dev/laptop\n')
  expect(await run('create', 'configmap', 'a', '--from-literal=b=c')).toBe('configmap/a created\n')
  expect(await env.client.get(ConfigMap, { name: 'a' })).toMatchObject({ data: { b: 'c' } })
})
