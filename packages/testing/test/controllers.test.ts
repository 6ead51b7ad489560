import {
  addFinalizer,
  generationChanged,
  type Manager,
  newControllerManagedBy,
  type Reconciler,
  TerminalError,
} from '@k1s/controller-runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  consistently,
  createTestEnvironment,
  eventually,
  type FakeClock,
  type TestEnvironment,
} from '../src/index.ts'
import { Item, item } from './inventory.ts'
import '../src/vitest/index.ts'

let env: TestEnvironment<FakeClock>
beforeEach(async () => {
  env = await createTestEnvironment({ kinds: [Item], objects: item('laptop'), clock: 'fake' })
})
afterEach(() => env.close())

const markReady: Reconciler = {
  async reconcile(request, { log }) {
    const found = await env.client.get(Item, request)
    await env.client.status.update({ ...found, status: { ready: true } })
    log.info('Ready', { item: request.name })
    return { requeueAfter: '1m' }
  },
}

/** Does not see its own updates, which are of the status. */
const controlItems = (manager: Manager) =>
  newControllerManagedBy(manager).for(Item).withEventFilter(generationChanged).complete(markReady)

describe('a manager of an environment', () => {
  test('reconciles what there is, and logs into the environment', async () => {
    const manager = env.manager()
    controlItems(manager)
    const { controllers } = await manager.runOnce()
    expect(controllers).toMatchObject([{ controller: 'item', outcome: 'idle', reconciles: 1, pending: 1 }])
    expect((await env.client.get(Item, { name: 'laptop' })).status).toEqual({ ready: true })
    expect(env.logs).toContainEqual(
      expect.objectContaining({
        level: 'info',
        message: 'Ready',
        values: expect.objectContaining({ item: 'laptop' }),
      }),
    )
  })

  test('requeues by the clock of the environment', async () => {
    const run = async () => {
      const manager = env.manager()
      controlItems(manager)
      const [report] = (await manager.runOnce()).controllers
      return report?.reconciles
    }
    expect(await run()).toBe(1)
    expect(await run()).toBe(0)
    await env.clock.advance(59_000)
    expect(await run()).toBe(0)
    await env.clock.advance(1000)
    expect(await run()).toBe(1)
  })

  test('retries what conflicts', async () => {
    const conflict = env.faults.conflict({
      verb: 'update',
      resource: 'items.inventory.k1s.dev/status',
      times: 2,
    })
    const manager = env.manager()
    controlItems(manager)
    // The clock is advanced as long as the run waits for its back-off.
    const { controllers } = await env.eventually(() => manager.runOnce(), { interval: 10 })
    const [report] = controllers
    expect(report).toMatchObject({ outcome: 'idle', failures: 2 })
    expect(conflict.hits).toBe(2)
    expect(env.logs.filter(({ level }) => level === 'error')).toHaveLength(2)
  })
})

test.each([{ expired: false }, { expired: true }])(
  'a manager that runs goes on when its watches were dropped (expired: $expired)',
  async ({ expired }) => {
    const manager = env.manager()
    controlItems(manager)
    const stop = new AbortController()
    const running = manager.start(stop.signal)
    const isReady = (name: string) =>
      env.eventually(async () => {
        expect((await env.client.get(Item, { name })).status).toEqual({ ready: true })
      })
    await isReady('laptop')
    expect(env.faults.dropWatches({ resource: Item, expired }).hits).toBeGreaterThan(0)
    await env.client.create(item('phone'))
    await isReady('phone')
    stop.abort()
    await env.eventually(() => running)
  },
)

test('a manager takes over the Lease of another machine once it has run out by the clock', async () => {
  const renewTime = new Date(env.clock.now()).toISOString().replace('Z', '000Z')
  await env.client.create({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'items', namespace: 'kube-system' },
    spec: { holderIdentity: 'another', leaseDurationSeconds: 15, acquireTime: renewTime, renewTime },
  })
  const manager = env.manager({ leaderElection: { id: 'items' } })
  let isElected = false
  manager.elected.then(() => {
    isElected = true
  })
  const stop = new AbortController()
  const running = manager.start(stop.signal)
  await eventually(() =>
    expect(env.requests.of({ resource: 'leases.coordination.k8s.io' }).length).toBeGreaterThan(1),
  )
  await consistently(() => expect(isElected).toBe(false), { clock: env.clock, duration: 14_000 })
  await env.eventually(() => expect(isElected).toBe(true))
  stop.abort()
  await env.eventually(() => running)
})

describe('a reconcile outside of a controller', () => {
  test('has a request and a context, and tells its result', async () => {
    expect(await env.reconcile(markReady, { namespace: 'default', name: 'laptop' })).toEqual({
      requeueAfter: '1m',
    })
    expect(env.logs).toEqual([
      {
        level: 'info',
        logger: '',
        message: 'Ready',
        values: {
          namespace: 'default',
          name: 'laptop',
          reconcileID: expect.stringMatching(/^[0-9a-f-]{36}$/),
          item: 'laptop',
        },
      },
    ])
  })

  test('may be a function, for a cluster-scoped object', async () => {
    const seen: unknown[] = []
    const result = await env.reconcile(
      async (request, { signal }) => {
        seen.push(request, signal.aborted)
        const found = await env.client.get(Item, { name: 'laptop' })
        addFinalizer(found, 'k1s.dev/held')
        await env.client.update(found)
      },
      { namespace: '', name: 'cluster-wide' },
    )
    expect(result).toEqual({})
    expect(seen).toEqual([{ namespace: '', name: 'cluster-wide' }, false])
    expect(await env.client.get(Item, { name: 'laptop' })).toHaveFinalizer('k1s.dev/held')
  })

  test('is of the namespace of the environment, if it names none', async () => {
    const options = { kinds: [Item], objects: item('cable'), namespace: 'shop' }
    await using shop = await createTestEnvironment(options)
    const found: unknown[] = []
    await shop.reconcile(
      async (request) => {
        const { metadata } = await shop.client.get(Item, request)
        found.push(request, metadata.namespace)
      },
      { name: 'cable' },
    )
    expect(found).toEqual([{ namespace: 'shop', name: 'cable' }, 'shop'])
  })

  test('throws what the reconciler throws', async () => {
    const failure = new TerminalError(new Error('no'))
    const reconciled = env.reconcile(() => Promise.reject(failure), { name: 'a' })
    await expect(reconciled).rejects.toBe(failure)
  })

  test('has a signal that aborts when the environment is closed', async () => {
    const aborted = env.reconcile(
      (_, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve({ requeue: true }))),
      { name: 'a' },
    )
    await env.close()
    expect(await aborted).toEqual({ requeue: true })
  })
})
