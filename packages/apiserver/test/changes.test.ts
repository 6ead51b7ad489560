import {
  isBadRequest,
  isResourceExpired,
  isStatusError,
  isTimeout,
  type KubernetesObject,
} from '@k1s/apimachinery'
import { type APIServer, createAPIServer } from '@k1s/apiserver'
import {
  type Change,
  type ChangesOptions,
  type Client,
  type Connection,
  connect,
  createRuntime,
  mergePatch,
  type Runtime,
} from '@k1s/core'
import { openStorage, type StorageInterface } from '@k1s/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

interface ConfigMap extends KubernetesObject {
  data: { value: string }
}

const core = { group: '', version: 'v1', namespaced: true }
const ConfigMaps = { ...core, kind: 'ConfigMap', plural: 'configmaps' }
const Trees = { ...core, group: 'garden.example.com', kind: 'Tree', plural: 'trees' }

let storage: StorageInterface
let runtime: Runtime
let server: APIServer
let connection: Connection
beforeAll(async () => {
  storage = await openStorage({ type: 'memory' })
  runtime = await createRuntime({ storage })
  server = await createAPIServer({
    transport: runtime.transport,
    port: 0,
    insecureHttp: true,
    authenticate: () => ({ name: 'admin', groups: ['system:masters'] }),
  })
  connection = await connect({ kubeconfig: '', server: server.url })
})
afterAll(async () => {
  await connection.close()
  expect(await server.close()).toBe(0)
  await runtime.close()
})

/** What a case does with the objects of its namespace. */
interface Writer {
  create(name: string, value: string, color?: string): Promise<void>
  update(name: string, value: string, color?: string): Promise<void>
  remove(name: string): Promise<void>
}

function writerIn(client: Client, namespace: string): Writer {
  const named = (name: string, value: string, color = 'none') => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { color } },
    data: { value },
  })
  return {
    async create(...args) {
      await client.create(named(...args))
    },
    async update(...args) {
      const object = named(...args)
      await client.patch(
        object,
        mergePatch({ metadata: { labels: object.metadata.labels }, data: object.data }),
      )
    },
    async remove(name) {
      await client.delete(ConfigMaps, { name, namespace })
    },
  }
}

interface Case {
  readonly title: string
  before?(writer: Writer): Promise<void>
  after?(writer: Writer): Promise<void>
  readonly options?: Partial<ChangesOptions>
  readonly changes: readonly string[]
  /** Where that is something else: two lists do not say when an object was deleted, nor what it was at the end. */
  readonly overHttp?: readonly string[]
}

const cases: readonly Case[] = [
  { title: 'nothing', changes: [] },
  {
    title: 'only what was there before',
    before: ({ create }) => create('a', '1'),
    changes: [],
  },
  {
    title: 'additions, in order',
    async after({ create }) {
      await create('b', '1')
      await create('a', '1')
    },
    changes: ['ADDED b 1', 'ADDED a 1'],
  },
  {
    title: 'an addition with what was written afterwards',
    async after({ create, update }) {
      await create('a', '1')
      await update('a', '2')
    },
    changes: ['ADDED a 2'],
  },
  {
    title: 'modifications with what was there before, in the order of the last ones',
    async before({ create }) {
      await create('a', '1')
      await create('b', '1')
      await create('c', '1')
    },
    async after({ update }) {
      await update('a', '2')
      await update('b', '2')
      await update('a', '3')
    },
    changes: ['MODIFIED b 2, was 1', 'MODIFIED a 3, was 1'],
  },
  {
    title: 'a modification that was undone',
    before: ({ create }) => create('a', '1'),
    async after({ update }) {
      await update('a', '2')
      await update('a', '1')
    },
    changes: ['MODIFIED a 1, was 1'],
  },
  {
    title: 'a deletion',
    before: ({ create }) => create('a', '1'),
    after: ({ remove }) => remove('a'),
    changes: ['DELETED a 1'],
  },
  {
    title: 'a deletion after a modification',
    async before({ create }) {
      await create('a', '1')
      await create('b', '1')
    },
    async after({ update, remove }) {
      await update('b', '2')
      await update('a', '2')
      await remove('a')
    },
    changes: ['MODIFIED b 2, was 1', 'DELETED a 2'],
    overHttp: ['DELETED a 1', 'MODIFIED b 2, was 1'],
  },
  {
    title: 'nothing of what came and went',
    async after({ create, remove }) {
      await create('a', '1')
      await remove('a')
    },
    changes: [],
  },
  {
    title: 'two objects of one name',
    before: ({ create }) => create('a', '1'),
    async after({ create, update, remove }) {
      await remove('a')
      await create('a', '2')
      await update('a', '3')
    },
    changes: ['DELETED a 1', 'ADDED a 3'],
  },
  {
    title: 'what begins, ceases and goes on to match a label selector',
    options: { labelSelector: 'color=red' },
    async before({ create }) {
      await create('ceases', '1', 'red')
      await create('begins', '1', 'blue')
      await create('stays', '1', 'red')
      await create('never', '1', 'blue')
    },
    async after({ update }) {
      await update('ceases', '2', 'blue')
      await update('begins', '2', 'red')
      await update('stays', '2', 'red')
      await update('never', '2', 'blue')
    },
    changes: ['DELETED ceases 1', 'ADDED begins 2', 'MODIFIED stays 2, was 1'],
  },
  {
    title: 'one object with a field selector',
    options: { fieldSelector: 'metadata.name=a' },
    async after({ create }) {
      await create('a', '1')
      await create('b', '1')
    },
    changes: ['ADDED a 1'],
  },
]

describe.each(cases.map((one, index) => ({ ...one, namespace: `case-${index}` })))(
  'changes have $title',
  (one) => {
    let options: ChangesOptions
    beforeAll(async () => {
      const { client } = runtime
      const { namespace } = one
      await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
      const writer = writerIn(client, namespace)
      await one.before?.(writer)
      const { metadata } = await client.list(ConfigMaps)
      options = { resourceVersion: metadata.resourceVersion!, namespace, ...one.options }
      await one.after?.(writer)
    })

    test('in process', async () => {
      const { changes } = await runtime.client.changes<ConfigMap>(ConfigMaps, options)
      expect(changes.map(describeChange)).toEqual(one.changes)
    })

    test('over HTTP', async () => {
      const { changes, resourceVersion } = await connection.client.changes<ConfigMap>(ConfigMaps, options)
      expect(changes.map(describeChange)).toEqual(one.overHttp ?? one.changes)
      const inProcess = await runtime.client.changes<ConfigMap>(ConfigMaps, options)
      expect(resourceVersion).toBe(inProcess.resourceVersion)
      const isLeft = ({ type }: { type: string }) => type !== 'DELETED'
      expect(changes.filter(isLeft)).toEqual(inProcess.changes.filter(isLeft))
    })
  },
)

function describeChange(change: Change<ConfigMap>): string {
  const text = `${change.type} ${change.object.metadata.name} ${change.object.data.value}`
  return change.type === 'MODIFIED' ? `${text}, was ${change.previous.data.value}` : text
}

describe.each(['in process', 'over HTTP'])('changes %s', (door) => {
  const clientOf = () => (door === 'over HTTP' ? connection.client : runtime.client)

  test('go on where the ones before ended', async () => {
    const client = clientOf()
    const namespace = 'default'
    const { create, remove } = writerIn(client, namespace)
    const { metadata } = await client.list(ConfigMaps)
    await create('goes-on', '1')
    const first = await client.changes(ConfigMaps, { resourceVersion: metadata.resourceVersion!, namespace })
    expect(first.changes.map(({ type }) => type)).toEqual(['ADDED'])
    const second = await client.changes(ConfigMaps, { resourceVersion: first.resourceVersion, namespace })
    expect(second).toEqual({ resourceVersion: first.resourceVersion, changes: [] })
    await remove('goes-on')
    const third = await client.changes(ConfigMaps, { resourceVersion: second.resourceVersion, namespace })
    expect(third.changes.map(({ type }) => type)).toEqual(['DELETED'])
  })

  test('since what is no version are a BadRequest, of an unknown kind NotFound', async () => {
    const client = clientOf()
    for (const resourceVersion of ['', '0', 'x']) {
      expect(isBadRequest(await failure(client.changes(ConfigMaps, { resourceVersion })))).toBe(true)
    }
    const unknown = await failure(client.changes({ ...Trees, plural: 'bushes' }, { resourceVersion: '1' }))
    expect(unknown.status.code).toBe(404)
  })

  test('since a version that is forgotten are Expired', async () => {
    const client = clientOf()
    const { create } = writerIn(client, 'default')
    const { metadata } = await client.list(ConfigMaps)
    await create(door === 'in process' ? 'one' : 'two', '1')
    await storage.compact(await storage.currentRevision())
    const error = await failure(client.changes(ConfigMaps, { resourceVersion: metadata.resourceVersion! }))
    expect(isResourceExpired(error)).toBe(true)
    expect(error.status.code).toBe(410)
  })

  test('end when their signal has aborted', async () => {
    const options = { resourceVersion: '1', signal: AbortSignal.abort(new Error('enough')) }
    await expect(clientOf().changes(ConfigMaps, options)).rejects.toThrow('enough')
  })
})

test('changes since a version of the future are a Timeout', async () => {
  const error = await failure(runtime.client.changes(ConfigMaps, { resourceVersion: '99999999' }))
  expect(isTimeout(error)).toBe(true)
  expect(error.message).toMatch(/^Timeout: Too large resource version: 99999999, current: /)
})

test('changes are in the version that was asked for', async () => {
  const events = { ...core, kind: 'Event', plural: 'events' }
  const { metadata } = await runtime.client.list(events)
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' },
    message: 'seen through both groups',
    type: 'Normal',
  }
  await runtime.client.create(event)
  const newer = { ...events, group: 'events.k8s.io' }
  const { changes } = await runtime.client.changes(newer, { resourceVersion: metadata.resourceVersion! })
  expect(changes).toEqual([{ type: 'ADDED', object: await runtime.client.get(newer, { name: 'e' }) }])
  expect(changes[0]!.object).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: event.message })
})

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => expect.fail('should have been rejected'),
    (reason: unknown) => reason,
  )
  if (!isStatusError(error)) throw error
  return error
}
