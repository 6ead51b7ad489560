import { isNotFound, type KubernetesObject } from '@k1s/apimachinery'
import { type EventHandler, newControllerManagedBy, type Reconciler } from '@k1s/controller-runtime'
import { mergePatch } from '@k1s/core'
import { createTestEnvironment } from '@k1s/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ConfigMap,
  configMap,
  type FakeEnvironment,
  fakeEnvironment,
  Gate,
  Item,
  item,
  itemManager,
  until,
} from './semantics.ts'

interface State extends KubernetesObject {
  data: { [key: string]: string }
}

let env: FakeEnvironment
let names: string[]
beforeEach(async () => {
  env = await fakeEnvironment()
  names = []
})
afterEach(() => env.close())

/** A manager as another process would make it. */
const anotherProcess = (on: FakeEnvironment = env) => itemManager(on, ({ name }) => void names.push(name))

const key = { namespace: 'kube-system', name: 'k1s-controller-item' }
const state = async () => (await env.client.get<State>(ConfigMap, key)).data

/** What a run reconciles. */
async function reconciled(on: FakeEnvironment = env): Promise<string[]> {
  names.length = 0
  await anotherProcess(on).runOnce()
  return [...names].sort()
}

describe('a process that comes after another', () => {
  it('reconciles what that was to see again, when its time has come', async () => {
    await env.client.create(item('a'))
    await env.client.create(item('b'))
    await itemManager(env, ({ name }) => ({ requeueAfter: name === 'a' ? '1m' : '2m' })).runOnce()
    await env.clock.advance(59_999)
    expect(await reconciled()).toEqual([])
    await env.clock.advance(1)
    expect(await reconciled()).toEqual(['a'])
    await env.clock.advance(60_000)
    expect(await reconciled()).toEqual(['b'])
    await env.clock.advance(600_000)
    expect(await reconciled()).toEqual([])
  })

  it('does so too if it keeps running, and hands over what is pending to the next', async () => {
    await env.client.create(item('a'))
    await itemManager(env, () => ({ requeueAfter: '1m' })).runOnce()
    const stop = new AbortController()
    const manager = itemManager(env, ({ name }) => {
      names.push(name)
      return { requeueAfter: '1h' }
    })
    const running = manager.start(stop.signal)
    // A running manager begins with all objects.
    await until(() => names.length === 1)
    await env.clock.advance(60_000)
    expect(names).toEqual(['a'])
    stop.abort()
    await running
    await env.clock.advance(3_540_000 - 1)
    expect(await reconciled()).toEqual([])
    await env.clock.advance(1)
    expect(await reconciled()).toEqual(['a'])
  })

  it('goes on with the back-off where that stopped', async () => {
    await env.client.create(item('a'))
    const times: number[] = []
    const fail = async () => {
      const failing = itemManager(env, () => {
        times.push(env.clock.now())
        throw new Error('no luck')
      })
      await failing.runOnce({ retryWithin: 0 })
    }
    await fail()
    for (const wait of [5, 10, 20, 40]) {
      await env.clock.advance(wait - 1)
      await fail()
      await env.clock.advance(1)
      await fail()
    }
    expect(times.slice(1).map((time, index) => time - times[index]!)).toEqual([5, 10, 20, 40])
    expect((await state()).pending).toBe(`default/a ${new Date(env.clock.now() + 80).toISOString()} 5 -100`)
  })

  it('reconciles what was left of requests that name no object, whatever is in their names', async () => {
    const odd = ['100%', 'a\nb', 'report 2', 'x/y']
    const manager = (handler: EventHandler, reconcile: Reconciler['reconcile']) => {
      const made = env.manager()
      newControllerManagedBy(made).named('odd').watches(ConfigMap, handler).complete(reconcile)
      return made
    }
    const queueAll: EventHandler = {
      create: (_, queue) => {
        for (const name of odd) queue.add({ namespace: '', name })
      },
    }
    await env.client.create(configMap('a'))
    await manager(queueAll, () => ({ requeueAfter: '1m' })).runOnce()
    await env.clock.advance(60_000)
    await manager({}, ({ name }) => void names.push(name)).runOnce()
    expect(names.sort()).toEqual(odd)
  })

  it('remembers a requeueAfter that never comes', async () => {
    await env.client.create(item('a'))
    const report = await itemManager(env, () => ({ requeueAfter: Number.POSITIVE_INFINITY })).runOnce()
    expect(report.controllers[0]).toMatchObject({ outcome: 'idle', pending: 1 })
    expect((await state()).pending).toBe('default/a +275760-09-13T00:00:00.000Z 0 -100')
    expect((await anotherProcess().runOnce()).controllers[0]).toMatchObject({ reconciles: 0, pending: 1 })
  })
})

describe('everything is reconciled again', () => {
  beforeEach(async () => {
    for (const name of 'abc') await env.client.create(item(name))
    expect(await reconciled()).toEqual(['a', 'b', 'c'])
    expect(await reconciled()).toEqual([])
  })

  it('when the history since the last run is forgotten', async () => {
    await env.client.delete(Item, { name: 'a' })
    await env.client.create(item('d'))
    await env.compact()
    expect(await reconciled()).toEqual(['b', 'c', 'd'])
    expect(await reconciled()).toEqual([])
  })

  it('when the store was replaced by one whose versions are lower', async () => {
    await using other = await createTestEnvironment({ kinds: [Item], objects: item('z'), clock: 'fake' })
    const { data } = await env.client.get<State>(ConfigMap, key)
    const ahead = { ...data, resourceVersions: data.resourceVersions!.replace(/"\d+"/, '"1000000"') }
    await other.client.create<State>({ ...configMap(key.name, { namespace: key.namespace }), data: ahead })
    expect(await reconciled(other)).toEqual(['z'])
    expect(await reconciled(other)).toEqual([])
  })

  it.each<[string, State['data']]>([
    ['is no JSON', { resourceVersions: '{"items', pending: '' }],
    ['is of another form', { resourceVersions: '["1"]', pending: '' }],
    [
      'has versions that are none',
      { resourceVersions: '{"items.semantics.example.com":"new"}', pending: '' },
    ],
    ['has pending requests that are none', { pending: 'default/a soon 1 0' }],
    ['is empty', { resourceVersions: '', pending: '' }],
    [
      'is a version that no server has',
      { resourceVersions: '{"items.semantics.example.com":"9223372036854775808"}' },
    ],
  ])('when what is known of the last run %s', async (_, data) => {
    const found = await env.client.get<State>(ConfigMap, key)
    await env.client.update<State>({ ...found, data: { ...found.data, ...data } })
    expect(await reconciled()).toEqual(['a', 'b', 'c'])
    expect(await reconciled()).toEqual([])
  })

  it('when there is nothing known of the last run, after a reset', async () => {
    await env.client.delete(ConfigMap, key)
    expect(await reconciled()).toEqual(['a', 'b', 'c'])
  })

  it('when more was pending than could be remembered', async () => {
    // Names that cannot be compressed.
    const many = Array.from({ length: 30_000 }, () => crypto.randomUUID() + crypto.randomUUID())
    await env.client.create(item('d'))
    const failing = itemManager(env, ({ name }) => {
      if (name !== 'd') return
      for (const each of many)
        failing.controller.queue.add({ namespace: 'default', name: each }, { after: 1000 })
    })
    const report = await failing.runOnce()
    expect(report.controllers[0]).toMatchObject({ outcome: 'idle', pending: 30_000 })
    expect(await state()).toEqual({})
    expect(await reconciled()).toEqual(['a', 'b', 'c', 'd'])
  })
})

it('a process that comes after another reconciles what waits when its time has come, however much that is', async () => {
  const many = Array.from({ length: 50_000 }, (_, index) => `website-of-customer-${index}`)
  await env.client.create(item('a'))
  const first = itemManager(env, () => {
    for (const name of many) first.controller.queue.add({ namespace: 'default', name }, { after: '1h' })
  })
  await first.runOnce()
  expect(await reconciled()).toEqual([])
  await env.clock.advance(3_600_000)
  expect(await reconciled()).toHaveLength(50_000)
})

it('a running manager tries again to keep how far it is, without anything else happening', async () => {
  await env.client.create(item('a'))
  const fault = env.faults.fail({ verb: 'update', resource: ConfigMap, error: new Error('locked'), times: 1 })
  const stop = new AbortController()
  const running = anotherProcess().start(stop.signal)
  await until(() => names.length === 1)
  await env.clock.advance(1000)
  expect(fault.hits).toBe(1)
  expect(await env.client.get(ConfigMap, key).catch(isNotFound)).toBe(true)
  await env.clock.advance(6000)
  expect((await state())?.resourceVersions).toMatch(/items/)
  stop.abort()
  await running
})

describe('what was not done', () => {
  it('is done by the next run when the state could not be saved', async () => {
    await env.client.create(item('a'))
    await anotherProcess().runOnce()
    await env.client.create(item('b'))
    const fault = env.faults.fail({
      verb: ['update', 'create'],
      resource: ConfigMap,
      error: new Error('disk full'),
    })
    const report = await anotherProcess().runOnce()
    expect(report.controllers[0]).toMatchObject({ outcome: 'failed', error: new Error('disk full') })
    fault.remove()
    expect(await reconciled()).toEqual(['b'])
  })

  it('is done by the next run when events could not be read, and the Lease is given back', async () => {
    await env.client.create(item('a'))
    await anotherProcess().runOnce()
    await env.client.create(item('b'))
    env.faults.fail({ verb: 'changes', resource: Item, error: new Error('no server'), times: 1 })
    expect((await anotherProcess().runOnce()).controllers[0]).toMatchObject({
      outcome: 'failed',
      error: new Error('no server'),
    })
    expect(await reconciled()).toEqual(['b'])
  })

  it('is done by the next run when the state could not be read once the Lease was had', async () => {
    await env.client.create(item('a'))
    const leases = { verb: 'create', resource: 'leases.coordination.k8s.io' } as const
    env.faults.latency({ ...leases, delay: 10 })
    const running = anotherProcess().runOnce()
    await until(() => env.requests.of(leases).length > 0)
    env.faults.fail({ verb: 'get', resource: ConfigMap, error: new Error('no state'), times: 1 })
    await env.clock.advance(10)
    expect((await running).controllers[0]).toMatchObject({ outcome: 'failed', error: new Error('no state') })
    expect(await reconciled()).toEqual(['a'])
  })

  it('is handed over by a running manager that is stopped while its watches begin', async () => {
    await env.client.create(item('a'))
    await env.client.create(item('gone'))
    expect(await reconciled()).toEqual(['a', 'gone'])
    await env.client.delete(Item, { name: 'gone' })
    const stop = new AbortController()
    env.faults.latency({ verb: 'list', resource: Item, delay: 10_000 })
    const running = anotherProcess().start(stop.signal)
    await env.clock.advance(5000)
    stop.abort()
    await env.clock.advance(10_000)
    await running
    env.faults.clear()
    expect(await reconciled()).toEqual(['gone'])
  })

  it('is not lost by a running manager if an object is removed while its watches begin', async () => {
    await env.client.create(item('gone'))
    await reconciled()
    env.faults.latency({ verb: 'list', resource: Item, delay: 10_000 })
    const stop = new AbortController()
    const running = anotherProcess().start(stop.signal)
    await env.clock.advance(5000)
    names.length = 0
    await env.client.delete(Item, { name: 'gone' })
    await env.clock.advance(10_000)
    expect(names).toEqual(['gone'])
    stop.abort()
    await running
  })

  it('does not include the state of another controller that was removed', async () => {
    const manager = () => {
      const made = env.manager()
      newControllerManagedBy(made)
        .for(ConfigMap)
        .complete(({ name }) => void names.push(name))
      return made
    }
    await reconciled()
    await env.client.create(configMap('gone'))
    await manager().runOnce()
    names.length = 0
    await env.client.delete(ConfigMap, key)
    await env.client.delete(ConfigMap, { name: 'gone' })
    const stop = new AbortController()
    const running = manager().start(stop.signal)
    await env.clock.advance(1000)
    expect(names).toEqual(['gone'])
    stop.abort()
    await running
  })

  it('is kept while reconciles are under way, so that a crash makes for work done again', async () => {
    for (const name of 'abcd') await env.client.create(item(name))
    const gate = new Gate()
    const manager = itemManager(env, async ({ name }) => {
      names.push(name)
      if (name === 'c') await gate.opened
      if (name === 'b') await new Promise<void>((resolve) => env.clock.setTimer(resolve, 2000))
    })
    const running = manager.runOnce()
    await until(() => names.includes('b'))
    await env.clock.advance(2000)
    await until(() => names.includes('c'))
    await env.clock.advance(100)
    const kept = (await state()).pending!.split('\n').map((line) => line.split(' ')[0])
    expect(kept).toEqual(['default/c', 'default/d'])
    gate.open()
    await running
    expect((await state()).pending).toBe('')
  })
})

it('a label that somebody gives the state does no harm', async () => {
  await env.client.create(item('a'))
  await reconciled()
  const found = await env.client.get<State>(ConfigMap, key)
  await env.client.patch(found, mergePatch({ metadata: { labels: { team: 'blue' } } }))
  await env.client.create(item('b'))
  expect(await reconciled()).toEqual(['b'])
  expect(await reconciled()).toEqual([])
})
