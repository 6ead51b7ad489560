import { isResourceExpired, type Unstructured } from '@k1s/apimachinery'
import { type APIServer, createAPIServer } from '@k1s/apiserver'
import { type Connection, connect, createRuntime, type Kind, type Runtime } from '@k1s/core'
import { HttpTransport, isConnectionError } from '@k1s/core/http'
import { createSharedInformer } from '@k1s/core/informers'
import { MemoryEngine, MvccStore } from '@k1s/storage'
import { FakeClock } from '@k1s/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BreakableWay } from './breakable-way.ts'

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
const configMap = (name: string, data: { [key: string]: string } = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
})

let store: MvccStore
let runtime: Runtime
let server: APIServer
let way: BreakableWay
let transport: HttpTransport
let connection: Connection
const stop = { controller: new AbortController(), running: Promise.resolve() }
beforeEach(async () => {
  await openStore()
  await serve()
  way = new BreakableWay()
  await way.lead(server.port)
  transport = new HttpTransport({ server: way.url }, { pauses: { afterLoss: 1 }, env: {} })
  connection = await connect({ kubeconfig: '', server: way.url, wrapTransport: () => transport })
})
afterEach(async () => {
  stop.controller.abort()
  await stop.running
  transport.close()
  await connection.close()
  await way[Symbol.asyncDispose]()
  expect(await server.close()).toBe(0)
  await runtime.close()
})

async function openStore(): Promise<void> {
  store = new MvccStore(new MemoryEngine())
  runtime = await createRuntime({ storage: store })
}

async function serve(): Promise<void> {
  server = await createAPIServer({
    transport: runtime.transport,
    port: 0,
    insecureHttp: true,
    authenticate: () => ({ name: 'admin', groups: ['system:masters'] }),
  })
}

/** The server is gone in the middle of everything, as one that is killed. */
async function lose(): Promise<void> {
  await way.break()
  expect(await server.close()).toBe(0)
}

async function restart(): Promise<void> {
  await serve()
  await way.lead(server.port)
}

/** An informer over HTTP by a clock that stands still, with what it has told, once it has synced. */
async function informing() {
  const clock = new FakeClock()
  const informer = createSharedInformer(ConfigMaps, { client: connection.client, clock })
  const told: string[] = []
  const errors: unknown[] = []
  informer.setWatchErrorHandler((error) => errors.push(error))
  const registration = informer.addEventHandler({
    onAdd: ({ metadata }, initial) => void told.push(`add ${metadata.name}${initial ? ' initially' : ''}`),
    onUpdate: (previous, { metadata, data }) =>
      void told.push(`update ${metadata.name} ${JSON.stringify(previous.data)} ${JSON.stringify(data)}`),
    onDelete: ({ metadata }, unknown) =>
      void told.push(`delete ${metadata.name}${unknown ? ' unknown' : ''}`),
  })
  stop.controller = new AbortController()
  stop.running = informer.run(stop.controller.signal)
  await registration.synced
  /** Lets the time of back-offs pass until it has been told as much. */
  const until = async (count: number) => {
    for (let turns = 0; told.length < count; turns++) {
      if (turns > 500) throw new Error(`was told only of ${told.join()}; failures: ${errors.join()}`)
      await clock.advance(100)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return told
  }
  return { informer, told, errors, until }
}

test('an informer goes on where it was when the server comes back, and misses nothing', async () => {
  await runtime.client.create(configMap('a'))
  await runtime.client.create(configMap('b'))
  const { informer, errors, until } = await informing()
  await runtime.client.create(configMap('c'))
  await until(3)
  await lose()
  const c = await runtime.client.get(ConfigMaps, { name: 'c' })
  await runtime.client.update({ ...c, data: { x: '1' } })
  await runtime.client.update({ ...c, metadata: { name: 'c' }, data: { x: '2' } })
  await runtime.client.delete(ConfigMaps, { name: 'a' })
  await expect.poll(() => errors.some(isConnectionError), { interval: 5 }).toBe(true)
  await restart()
  expect(await until(6)).toEqual([
    'add a initially',
    'add b initially',
    'add c',
    'update c {} {"x":"1"}',
    'update c {"x":"1"} {"x":"2"}',
    'delete a',
  ])
  expect(errors.filter((error) => !isConnectionError(error))).toEqual([])
  expect(informer.indexer.list().map(({ metadata }) => metadata.name)).toEqual(['b', 'c'])
})

test('what was forgotten while the server was away is found by a list: changes are put together, deletions told of as such', async () => {
  await runtime.client.create(configMap('a'))
  await runtime.client.create(configMap('b'))
  const { informer, errors, until } = await informing()
  await lose()
  await runtime.client.delete(ConfigMaps, { name: 'a' })
  await runtime.client.create(configMap('c'))
  const b = await runtime.client.get(ConfigMaps, { name: 'b' })
  await runtime.client.update({ ...b, data: { x: '1' } })
  await runtime.client.update({ ...b, metadata: { name: 'b' }, data: { x: '2' } })
  await store.compact(await store.currentRevision())
  await restart()
  expect((await until(5)).slice(2).sort()).toEqual(['add c', 'delete a unknown', 'update b {} {"x":"2"}'])
  expect(errors.some(isResourceExpired)).toBe(true)
  await runtime.client.delete(ConfigMaps, { name: 'c' })
  expect((await until(6)).at(-1)).toBe('delete c')
  const { items } = await runtime.client.list(ConfigMaps)
  expect(informer.indexer.list()).toEqual(items)
})
