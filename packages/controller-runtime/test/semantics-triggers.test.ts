import { getEventListeners } from 'node:events'
import type { RunReport, Trigger } from '@k1s/controller-runtime'
import { newControllerManagedBy } from '@k1s/controller-runtime'
import { defineKind, mergePatch } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeEnvironment, fakeEnvironment, Gate, Item, item, itemManager, until } from './semantics.ts'

let env: FakeEnvironment
let names: string[]
beforeEach(async () => {
  env = await fakeEnvironment()
  names = []
})
afterEach(() => env.close())

/** A manager as another process would make it. */
const anotherProcess = (...triggers: Trigger[]) =>
  itemManager(
    env,
    ({ name }) => void names.push(name),
    (builder) => builder.withTrigger(...triggers),
  )

const only = ({ controllers }: RunReport) => controllers[0]!

describe('a periodic controller', () => {
  const everyMinute: Trigger = { type: 'periodic', every: '1m' }

  it('looks at all objects when its time is over, whichever process looked at them before', async () => {
    await env.client.create(item('a'))
    await anotherProcess(everyMinute).runOnce()
    await env.client.create(item('b'))
    await env.clock.advance(53_999)
    await anotherProcess(everyMinute).runOnce()
    expect(names).toEqual(['a'])
    await env.clock.advance(1)
    await anotherProcess(everyMinute).runOnce()
    expect(names).toEqual(['a', 'a', 'b'])
  })

  /** Runs at these times, in milliseconds after the first. Returns those at which it looked at its objects. */
  const looksOf = async (every: string, times: readonly number[]) => {
    await env.client.create(item('a'))
    const startedAt = env.clock.now()
    const looks: number[] = []
    for (const time of times) {
      await env.clock.advance(startedAt + time - env.clock.now())
      await anotherProcess({ type: 'periodic', every }).runOnce()
      if (names.splice(0).length > 0) looks.push(time)
    }
    return looks
  }

  it('misses no run of those that come once a period, each a little early or late', async () => {
    const times = [0, 1, 2, 3, 4, 5, 6, 7].map((hour, i) => hour * 3_600_000 + ((i * 37) % 11) * 5000)
    expect(await looksOf('1h', times)).toEqual(times)
  })

  it('misses none of those whose moment drifts', async () => {
    const times = [0, 1997, 3995, 6001, 8012, 10_020, 12_018]
    expect(await looksOf('2s', times)).toEqual(times)
  })

  it('is early by a minute at most', async () => {
    const [day, minute] = [86_400_000, 60_000]
    expect(await looksOf('24h', [0, day - minute - 1, day - minute])).toEqual([0, day - minute])
  })

  it('keeps its period on average when there are more runs than periods', async () => {
    const everySecond = Array.from({ length: 301 }, (_, second) => second * 1000)
    expect(await looksOf('1m', everySecond)).toEqual([0, 54_000, 114_000, 174_000, 234_000, 294_000])
  })

  it('keeps its period when a running manager takes over from triggered runs', async () => {
    await env.client.create(item('a'))
    await anotherProcess(everyMinute).runOnce()
    await env.clock.advance(20_000)
    const stop = new AbortController()
    const running = anotherProcess(everyMinute).start(stop.signal)
    await env.clock.advance(39_999)
    expect(names).toEqual(['a'])
    await env.clock.advance(1)
    expect(names).toEqual(['a', 'a'])
    await env.clock.advance(60_000)
    expect(names).toEqual(['a', 'a', 'a'])
    stop.abort()
    await running
  })

  it('goes on when its objects cannot be listed for a while', async () => {
    await env.client.create(item('a'))
    const stop = new AbortController()
    env.faults.fail({ verb: 'list', resource: Item, error: new Error('no server'), times: 3 })
    const running = anotherProcess(everyMinute).start(stop.signal)
    await env.clock.advance(5000)
    expect(names).toEqual(['a'])
    expect(env.logs).toContainEqual(expect.objectContaining({ message: 'Failed to list for a period' }))
    stop.abort()
    await running
  })

  it('sees events as well if that is a trigger too', async () => {
    const triggers = [everyMinute, { type: 'event' }] as const
    await anotherProcess(...triggers).runOnce()
    await env.client.create(item('a'))
    await anotherProcess(...triggers).runOnce()
    expect(names).toEqual(['a'])
  })
})

describe('a manual controller', () => {
  it('runs only when it is asked for by its name, for what happened since it last did', async () => {
    const manual: Trigger = { type: 'manual' }
    await env.client.create(item('a'))
    expect((await anotherProcess(manual).runOnce()).controllers).toEqual([])
    const running = anotherProcess(manual)
    const stop = new AbortController()
    const started = running.start(stop.signal)
    await env.clock.advance(1000)
    stop.abort()
    await started
    expect(names).toEqual([])
    await anotherProcess(manual).runOnce({ controllers: ['item'] })
    await env.client.create(item('b'))
    await anotherProcess(manual).runOnce({ controllers: ['item'] })
    expect(names).toEqual(['a', 'b'])
  })

  it('is refused under a name that no controller has', async () => {
    await expect(anotherProcess().runOnce({ controllers: ['itme'] })).rejects.toThrow(
      'there is no controller "itme"; there are: item',
    )
  })
})

describe('a triggered run', () => {
  it('tries again what failed whose back-off ends within retryWithin, and leaves the rest', async () => {
    await env.client.create(item('a'))
    const times: number[] = []
    const manager = itemManager(env, () => {
      times.push(env.clock.now())
      throw new Error('no luck')
    })
    const running = manager.runOnce({ retryWithin: '40ms' })
    await env.clock.advance(1000)
    expect(times.map((time) => time - times[0]!)).toEqual([0, 5, 15, 35, 75])
    expect(only(await running)).toMatchObject({
      controller: 'item',
      outcome: 'idle',
      reconciles: 5,
      failures: 5,
      errors: [{ request: { namespace: 'default', name: 'a' }, error: new Error('no luck') }],
      pending: 1,
      nextDue: times[4]! + 80,
    })
  })

  it('does not wait for requeueAfter, and tells when the first is due', async () => {
    await env.client.create(item('a'))
    await env.client.create(item('b'))
    const manager = itemManager(env, ({ name }) => ({ requeueAfter: name === 'a' ? '2h' : '1h' }))
    expect(only(await manager.runOnce())).toMatchObject({
      outcome: 'idle',
      reconciles: 2,
      failures: 0,
      errors: [],
      pending: 2,
      nextDue: env.clock.now() + 3_600_000,
    })
  })

  it('waits for requeueAfter with untilIdle, until there is nothing', async () => {
    await env.client.create(item('a'))
    let count = 0
    const manager = itemManager(env, () => ({ requeueAfter: ++count < 3 ? '1m' : 0 }))
    let report: RunReport | undefined
    const running = manager.runOnce({ untilIdle: true }).then((done) => {
      report = done
    })
    await until(() => count === 1)
    await env.clock.advance(119_999)
    expect(report).toBeUndefined()
    await env.clock.advance(1)
    await running
    expect(only(report!)).toMatchObject({ outcome: 'idle', reconciles: 3, pending: 0, nextDue: undefined })
    expect(report!.duration).toBe(120_000)
  })

  it('waits with untilIdle for what another process was to do later', async () => {
    await env.client.create(item('a'))
    await itemManager(env, () => ({ requeueAfter: '1m' })).runOnce()
    const running = anotherProcess().runOnce({ untilIdle: true })
    await env.clock.advance(59_999)
    expect(names).toEqual([])
    await env.clock.advance(1)
    expect(only(await running)).toMatchObject({ outcome: 'idle', reconciles: 1, pending: 0 })
  })

  it('waits for what failed in another process and is to be tried again within retryWithin', async () => {
    await env.client.create(item('a'))
    await itemManager(env, () => Promise.reject(new Error('no luck'))).runOnce({ retryWithin: 0 })
    const running = anotherProcess().runOnce()
    await env.clock.advance(5)
    expect(only(await running)).toMatchObject({ outcome: 'idle', reconciles: 1, pending: 0 })
  })

  it('ends at its deadline: the signals of reconciles abort, and what is left is remembered', async () => {
    for (const name of 'abc') await env.client.create(item(name))
    const reasons: unknown[] = []
    const manager = itemManager(env, (_, { signal }) => {
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason)
          reject(signal.reason)
        })
      })
    })
    const running = manager.runOnce({ deadline: '10s' })
    await until(() => manager.controller.active.size > 0)
    await env.clock.advance(9999)
    expect(reasons).toEqual([])
    await env.clock.advance(1)
    expect(only(await running)).toMatchObject({
      outcome: 'interrupted',
      reconciles: 1,
      failures: 1,
      pending: 3,
    })
    expect(reasons).toEqual([new Error('the deadline of the run is over')])
    await env.clock.advance(5)
    await anotherProcess().runOnce()
    expect(names.sort()).toEqual(['a', 'b', 'c'])
  })

  it.each<[string, Parameters<FakeEnvironment['faults']['latency']>[0], string]>([
    ['state', { verb: 'get', resource: 'configmaps', delay: '1h' }, 'interrupted'],
    ['Lease', { verb: 'get', resource: 'leases.coordination.k8s.io', delay: '1h' }, 'interrupted'],
    ['new Lease', { verb: 'create', resource: 'leases.coordination.k8s.io', delay: '1h' }, 'failed'],
    ['save', { verb: 'update', resource: 'configmaps', delay: '1h' }, 'failed'],
  ])('ends though a server does not answer the request for its %s', async (_, latency, outcome) => {
    await env.client.create(item('a'))
    env.faults.latency(latency)
    const running = anotherProcess().runOnce({ deadline: '12s' })
    let report: RunReport | undefined
    void running.then((done) => {
      report = done
    })
    await env.clock.advance(12_000)
    expect(report?.controllers).toMatchObject([{ outcome }])
    env.faults.clear()
    await running
  })

  it('gives up on a reconcile that heeds no signal, whose Lease is kept until it has ended', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    const manager = itemManager(env, () => gate.opened)
    const running = manager.runOnce({ deadline: '10s' })
    await until(() => manager.controller.active.size > 0)
    await env.clock.advance(11_000)
    expect(only(await running)).toMatchObject({ outcome: 'interrupted', reconciles: 0, pending: 1 })
    await env.clock.advance(60_000)
    const waiting = anotherProcess().runOnce()
    await env.clock.advance(1000)
    expect(names).toEqual([])
    gate.open()
    await env.clock.advance(1000)
    expect(only(await waiting)).toMatchObject({ outcome: 'idle', reconciles: 1 })
    expect(names).toEqual(['a'])
  })

  it('takes nothing new once its signal aborts, and lets what is under way end', async () => {
    for (const name of 'abc') await env.client.create(item(name))
    const gate = new Gate()
    const stop = new AbortController()
    let aborted: boolean | undefined
    const manager = itemManager(env, async ({ name }, { signal }) => {
      names.push(name)
      await gate.opened
      aborted = signal.aborted
    })
    const running = manager.runOnce({ signal: stop.signal })
    await until(() => names.length > 0)
    stop.abort()
    await env.clock.advance(20_000)
    gate.open()
    expect(only(await running)).toMatchObject({ outcome: 'interrupted', reconciles: 1, pending: 2 })
    expect(aborted).toBe(false)
    await anotherProcess().runOnce()
    expect(names).toEqual(['a', 'b', 'c'])
  })

  it('leaves no timers and no listeners behind', async () => {
    const stop = new AbortController()
    const before = env.clock.pendingTimers
    for (let index = 0; index < 15; index++) {
      await env.client.create(item(`i${index}`))
      const manager = itemManager(
        env,
        () => ({ requeueAfter: '1h' }),
        (builder) => builder.withOptions({ reconciliationTimeout: '1m' }),
      )
      await manager.runOnce({ signal: stop.signal, deadline: '1m' })
    }
    expect(env.clock.pendingTimers).toBe(before)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })

  it('fails with what onProgress throws, and forgets nothing', async () => {
    await env.client.create(item('a'))
    const failing = itemManager(env, () => undefined).runOnce({
      onProgress: () => {
        throw new Error('no terminal')
      },
    })
    expect(only(await failing)).toMatchObject({ outcome: 'failed', error: new Error('no terminal') })
    await anotherProcess().runOnce()
    expect(names).toEqual(['a'])
  })

  it('lets two controllers that feed each other go on until both have nothing to do', async () => {
    await env.client.create(item('a'))
    const manager = env.manager()
    const raise = (from: 'quantity' | 'seen') => async (request: { name: string; namespace: string }) => {
      const found = await manager.client.get(Item, request)
      const [quantity, seen] = [found.spec.quantity, found.status?.seen ?? 0]
      if (from === 'quantity' && quantity > seen) {
        await manager.client.status.patch(found, mergePatch({ status: { seen: quantity } }))
      }
      if (from === 'seen' && seen === quantity && seen < 10) {
        await manager.client.patch(found, mergePatch({ spec: { quantity: quantity + 1 } }))
      }
    }
    newControllerManagedBy(manager).for(Item).named('follower').complete(raise('quantity'))
    newControllerManagedBy(manager).for(Item).named('leader').complete(raise('seen'))
    const { controllers } = await manager.runOnce()
    expect(controllers.map(({ outcome }) => outcome)).toEqual(['idle', 'idle'])
    expect(await env.client.get(Item, { name: 'a' })).toMatchObject({
      spec: { quantity: 10 },
      status: { seen: 10 },
    })
    const again = await manager.runOnce()
    expect(again.controllers.map(({ reconciles }) => reconciles)).toEqual([0, 0])
  })

  it('fails for a controller whose kind is not served, and runs the others', async () => {
    const Missing = defineKind({
      group: 'semantics.example.com',
      version: 'v1',
      kind: 'Missing',
      plural: 'missings',
      namespaced: true,
    })
    await env.client.create(item('a'))
    const manager = anotherProcess()
    newControllerManagedBy(manager)
      .for(Missing)
      .complete(() => undefined)
    const { controllers } = await manager.runOnce()
    expect(controllers).toMatchObject([
      { controller: 'item', outcome: 'idle', reconciles: 1 },
      {
        controller: 'missing',
        outcome: 'failed',
        error: { message: 'no matches for kind "Missing" in version "semantics.example.com/v1"' },
        reconciles: 0,
      },
    ])
  })

  it('reports that another process runs the controller when that has done what there was', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    const first = itemManager(env, () => gate.opened)
    const running = first.runOnce()
    await until(() => first.controller.active.size > 0)
    const second = anotherProcess().runOnce()
    await env.clock.advance(1000)
    gate.open()
    await running
    await env.clock.advance(1000)
    expect(only(await second)).toMatchObject({ outcome: 'elsewhere', reconciles: 0 })
    expect(names).toEqual([])
  })

  it('cannot run twice at a time', async () => {
    const manager = anotherProcess()
    const running = manager.runOnce()
    await expect(manager.runOnce()).rejects.toThrow('the manager is running: it cannot run twice at a time')
    await running
  })
})
