import { getEventListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { functionSource, newControllerManagedBy, newManager } from '@k1s/controller-runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { untilAborted } from '../src/until-aborted.ts'
import { type FakeEnvironment, fakeEnvironment, Gate, Item, item, itemManager, until } from './semantics.ts'

let env: FakeEnvironment
let stop: AbortController
let names: string[]
beforeEach(async () => {
  env = await fakeEnvironment()
  stop = new AbortController()
  names = []
})
afterEach(async () => {
  stop.abort()
  await env.clock.advance(0)
  await env.close()
})

describe('a manager starts', () => {
  it.each([
    ['2 minutes', undefined, 120_000],
    ['cacheSyncTimeout', '10s', 10_000],
  ])('no later than after %s, if the objects of a kind cannot be had', async (_, cacheSyncTimeout, ms) => {
    env.faults.fail({ verb: 'list', resource: Item, error: new Error('no server') })
    const manager = itemManager(
      env,
      () => undefined,
      (builder) => builder.withOptions({ ...(cacheSyncTimeout !== undefined && { cacheSyncTimeout }) }),
    )
    let failure: unknown
    const ended = manager.start(stop.signal).catch((error: unknown) => {
      failure = error
    })
    await until(() => env.logs.some(({ message }) => message === 'Failed to watch'))
    await env.clock.advance(ms - 1)
    expect(failure).toBeUndefined()
    await env.clock.advance(1)
    await ended
    expect(failure).toEqual(
      new Error(
        'failed to wait for item caches to sync kind source: Item: timed out waiting for cache to be synced for Kind Item',
      ),
    )
  })

  it('no later than that, if a source does not start', async () => {
    const never = functionSource('webhook', () => new Promise(() => {}))
    const manager = itemManager(
      env,
      () => undefined,
      (builder) => builder.watchesRawSource(never).withOptions({ cacheSyncTimeout: '10s' }),
    )
    const ended = manager.start(stop.signal).catch((error: unknown) => error)
    await env.clock.advance(10_000)
    expect(await ended).toEqual(
      new Error(
        'timed out waiting for source webhook to Start. Please ensure that its Start() method is non-blocking',
      ),
    )
  })

  it('and can be stopped before it is ready', async () => {
    env.faults.fail({ verb: 'list', resource: Item, error: new Error('no server') })
    const running = itemManager(env, () => undefined).start(stop.signal)
    await env.clock.advance(1000)
    stop.abort()
    await env.clock.advance(0)
    await running
  })

  it('not at all if it cannot serve where it is to, and leaves no listeners behind', async () => {
    const manager = newManager({ client: env.client }, { metricsBindAddress: 'nowhere' })
    await expect(manager.start(stop.signal)).rejects.toThrow('"nowhere" is no address')
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })

  it('again after it was stopped', async () => {
    const manager = itemManager(env, ({ name }) => void names.push(name))
    for (const name of ['a', 'b']) {
      await env.client.create(item(name))
      const one = new AbortController()
      const running = manager.start(one.signal)
      await until(() => names.includes(name))
      one.abort()
      await running
    }
    expect(names).toEqual(['a', 'a', 'b'])
  })
})

describe('a manager that is stopped', () => {
  it('takes nothing new, waits for the reconcile that is under way, and hands over the rest', async () => {
    for (const name of 'abc') await env.client.create(item(name))
    const gate = new Gate()
    const aborted: boolean[] = []
    const manager = itemManager(env, async ({ name }, { signal }) => {
      names.push(name)
      await gate.opened
      aborted.push(signal.aborted)
    })
    let hasEnded = false
    const running = manager.start(stop.signal).then(() => {
      hasEnded = true
    })
    await until(() => names.length > 0)
    stop.abort()
    await env.clock.advance(29_000)
    expect(hasEnded).toBe(false)
    gate.open()
    await running
    expect([names, aborted]).toEqual([['a'], [false]])
    const next: string[] = []
    await itemManager(env, ({ name }) => void next.push(name)).runOnce()
    expect(next).toEqual(['b', 'c'])
  })

  it('aborts the signals of reconciles after gracefulShutdownTimeout, 30 s unless set', async () => {
    await env.client.create(item('a'))
    const times: number[] = []
    const manager = itemManager(env, (_, { signal }) => {
      times.push(env.clock.now())
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          times.push(env.clock.now())
          resolve()
        })
      })
    })
    const running = manager.start(stop.signal)
    await until(() => times.length === 1)
    stop.abort()
    await env.clock.advance(60_000)
    await running
    expect(times[1]! - times[0]!).toBe(30_000)
  })

  it('does so too while a handler of a period never ends', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    let reason: unknown
    const manager = env.manager({ gracefulShutdownTimeout: '5s' })
    newControllerManagedBy(manager)
      .named('periodic')
      .withTrigger({ type: 'periodic', every: '1h' })
      .watches(Item, {
        async create({ object }, queue) {
          queue.add({ namespace: '', name: object.metadata.name ?? '' })
          await gate.opened
        },
      })
      .complete(async ({ name }, { signal }) => {
        names.push(name)
        await untilAborted(signal)
        reason = signal.reason
      })
    const running = manager.start(stop.signal)
    await until(() => names.length > 0)
    stop.abort()
    await env.clock.advance(5000)
    expect(reason).toEqual(new Error('the controller periodic was told to stop'))
    await running
    gate.open()
  })

  it('throws if something goes on even then, whose requests are not forgotten', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    const manager = itemManager(
      env,
      async ({ name }) => {
        names.push(name)
        await gate.opened
        throw new Error('much too late')
      },
      undefined,
      { gracefulShutdownTimeout: '5s' },
    )
    const ended = manager.start(stop.signal).catch((error: unknown) => error)
    await until(() => names.length > 0)
    stop.abort()
    await env.clock.advance(6000)
    expect(await ended).toEqual(
      new Error('failed waiting for all runnables to end within grace period of 5s'),
    )
    const next = itemManager(env, ({ name }) => void names.push(`next ${name}`)).runOnce()
    await env.clock.advance(20_000)
    expect(names).toEqual(['a'])
    gate.open()
    await env.clock.advance(1000)
    await next
    expect(names).toEqual(['a', 'next a'])
  })

  it('throws if a runnable does not end', async () => {
    const manager = itemManager(env, () => undefined, undefined, { gracefulShutdownTimeout: '5s' })
    manager.add({ start: () => new Promise(() => {}) })
    const ended = manager.start(stop.signal).catch((error: unknown) => error)
    await env.clock.advance(100)
    stop.abort()
    await env.clock.advance(7000)
    expect(await ended).toEqual(
      new Error('failed waiting for all runnables to end within grace period of 5s'),
    )
  })

  it('does not take it for a failure that a runnable ends with an AbortError', async () => {
    const manager = itemManager(env, () => undefined)
    manager.add((signal) => delay(100_000, undefined, { signal }))
    const running = manager.start(stop.signal)
    await env.clock.advance(100)
    stop.abort()
    await running
  })

  it('throws what a runnable throws, and ends all else', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    const manager = itemManager(env, ({ name }) => void names.push(name))
    manager.add({
      start: async () => {
        await gate.opened
        throw new Error('no port')
      },
    })
    const ended = manager.start(stop.signal).catch((error: unknown) => error)
    await until(() => names.length > 0)
    gate.open()
    expect(await ended).toEqual(new Error('no port'))
    expect(manager.controller.active.size).toBe(0)
  })

  it('throws what a runnable throws before it returns a promise, and ends all else', async () => {
    let hasEnded = false
    const manager = itemManager(env, () => undefined)
    manager.add({
      async start(signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        hasEnded = true
      },
    })
    manager.add({
      start() {
        throw new Error('no port')
      },
    })
    await expect(manager.start(stop.signal)).rejects.toThrow('no port')
    expect(hasEnded).toBe(true)
  })

  it('leaves no timers behind', async () => {
    await env.client.create(item('a'))
    const manager = itemManager(env, ({ name }) => {
      names.push(name)
      return { requeueAfter: '1h' }
    })
    const running = manager.start(stop.signal)
    await until(() => names.length > 0)
    await env.clock.advance(10_000)
    stop.abort()
    await running
    await env.clock.advance(0)
    expect(env.clock.pendingTimers).toBe(0)
  })
})

describe('the log of a running manager', () => {
  const lines = () => env.logs.map(({ message, values }) => ({ message, ...values }))
  const controller = {
    controller: 'item',
    controllerGroup: 'semantics.example.com',
    controllerKind: 'Item',
  }

  it('tells what is started and what is waited for, as that of controller-runtime', async () => {
    await env.client.create(item('a'))
    const ready = functionSource('webhook', () => Promise.resolve())
    const manager = itemManager(
      env,
      ({ name }) => void names.push(name),
      (builder) => builder.watchesRawSource(ready).withOptions({ maxConcurrentReconciles: 2 }),
    )
    const running = manager.start(stop.signal)
    await until(() => names.length > 0)
    stop.abort()
    await running
    expect(new Set(env.logs.map(({ level }) => level))).toEqual(new Set(['info']))
    expect(lines()).toEqual([
      { message: 'Starting EventSource', ...controller, source: 'kind source: Item' },
      { message: 'Starting EventSource', ...controller, source: 'webhook' },
      { message: 'Starting Controller', ...controller },
      { message: 'Starting workers', ...controller, 'worker count': 2 },
      { message: 'Stopping and waiting for non leader election runnables' },
      { message: 'Stopping and waiting for leader election runnables' },
      { message: 'Shutdown signal received, waiting for all workers to finish', ...controller },
      { message: 'All workers finished', ...controller },
      { message: 'Stopping and waiting for caches' },
      { message: 'Stopping and waiting for HTTP servers' },
      { message: 'Wait completed, proceeding to shutdown the manager' },
    ])
  })

  it('does not tell that what goes on has finished', async () => {
    await env.client.create(item('a'))
    const gate = new Gate()
    const reconcile = async ({ name }: { name: string }) => {
      names.push(name)
      await gate.opened
    }
    const manager = itemManager(env, reconcile, undefined, { gracefulShutdownTimeout: '5s' })
    const ended = manager.start(stop.signal).catch(() => undefined)
    await until(() => names.length > 0)
    stop.abort()
    await env.clock.advance(7000)
    await ended
    const messages = env.logs.map(({ message }) => message)
    expect(messages).toContain('Shutdown signal received, waiting for all workers to finish')
    expect(messages).not.toContain('All workers finished')
    expect(messages).not.toContain('Wait completed, proceeding to shutdown the manager')
    gate.open()
    await env.clock.advance(1000)
  })

  it('has these lines as debug, if that is wished', async () => {
    const manager = itemManager(env, () => undefined, undefined, { lifecycleLogLevel: 'debug' })
    const running = manager.start(stop.signal)
    await until(() => env.logs.some(({ message }) => message === 'Starting workers'))
    stop.abort()
    await running
    expect(new Set(env.logs.map(({ level }) => level))).toEqual(new Set(['debug']))
  })

  it('is empty after a triggered run', async () => {
    await env.client.create(item('a'))
    await itemManager(env, ({ name }) => void names.push(name)).runOnce()
    expect(names).toEqual(['a'])
    expect(env.logs).toEqual([])
  })
})
