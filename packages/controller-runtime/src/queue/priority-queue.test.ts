import { systemClock } from '@k1s/apimachinery'
import { beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../test/manual-clock.ts'
import { RecordedQueueMetrics } from '../../test/recorded-queue-metrics.ts'
import type { Request } from '../reconcile.ts'
import { createWorkQueue } from './priority-queue.ts'
import { defaultRateLimiter } from './rate-limiters.ts'
import type { RateLimiter, WorkQueue } from './request-queue.ts'

const [foo, bar, baz] = ['foo', 'bar', 'baz'].map(named) as [Request, Request, Request]

let clock: ManualClock
let metrics: RecordedQueueMetrics
let rateLimiter: RateLimiter
let queue: WorkQueue

beforeEach(() => {
  clock = new ManualClock()
  metrics = new RecordedQueueMetrics()
  rateLimiter = defaultRateLimiter()
  queue = createWorkQueue({ clock, rateLimiter, name: 'test', metrics })
})

describe('requests that are due', () => {
  test('are handed out in the order in which they came', () => {
    queue.add(foo)
    queue.add(bar)
    expect(names(drain())).toEqual(['foo', 'bar'])
  })

  test('are handed out by priority first', () => {
    queue.add(foo, { priority: -100 })
    queue.add(bar)
    queue.add(baz, { priority: 10 })
    expect(drain()).toEqual([
      { request: baz, priority: 10 },
      { request: bar, priority: 0 },
      { request: foo, priority: -100 },
    ])
  })

  test('have a priority that is a finite number', () => {
    expect(() => queue.add(foo, { priority: Number.NaN })).toThrow(new RangeError('NaN is no priority'))
    expect(() => queue.add(foo, { priority: Number.NEGATIVE_INFINITY })).toThrow('-Infinity is no priority')
    expect(queue.length).toBe(0)
  })

  test('are queued once', () => {
    queue.add(foo)
    queue.add({ ...foo })
    expect(queue.length).toBe(1)
    expect(names(drain())).toEqual(['foo'])
    expect(metrics.adds).toBe(1)
  })

  test('of the same name in two namespaces are two', () => {
    queue.add(foo)
    queue.add({ namespace: 'other', name: 'foo' })
    expect(queue.length).toBe(2)
  })

  test.each([
    [1, 2],
    [2, 1],
  ])('keep the higher of the priorities %i and %i', (first, second) => {
    queue.add(foo, { priority: first })
    queue.add(foo, { priority: second })
    expect(drain()).toEqual([{ request: foo, priority: 2 }])
    expect(metrics.adds).toBe(1)
  })

  test('go behind those that have the higher priority already', () => {
    queue.add(foo)
    queue.add(bar, { priority: 1 })
    queue.add(foo, { priority: 1 })
    expect(names(drain())).toEqual(['bar', 'foo'])
  })

  test('keep their place when they are added with the same priority', () => {
    queue.add(foo)
    queue.add(bar)
    queue.add(foo)
    expect(names(drain())).toEqual(['foo', 'bar'])
  })

  test('do not wait any more when they are added with a delay', () => {
    queue.add(foo)
    queue.addAfter(foo, 3_600_000)
    expect(names(drain())).toEqual(['foo'])
  })

  test('that nobody handed out are not done', () => {
    queue.add(foo)
    queue.done(foo)
    expect(queue.length).toBe(1)
    expect(queue.inFlight).toBe(0)
  })
})

describe('requests in flight', () => {
  test('are not handed out a second time', () => {
    take(foo)
    queue.add(foo)
    queue.add(bar)
    expect(names(drain())).toEqual(['bar'])
    expect(queue.length).toBe(1)
    expect(queue.inFlight).toBe(2)
  })

  test('are handed out again after done, in the place in which they were added', () => {
    take(foo)
    queue.add(foo)
    queue.add(bar)
    queue.done(foo)
    expect(names(drain())).toEqual(['foo', 'bar'])
  })

  test('that were not added meanwhile are gone after done', () => {
    take(foo)
    queue.done(foo)
    expect(queue.tryGet()).toBeUndefined()
    expect(queue.inFlight).toBe(0)
  })

  test('take over a higher priority', () => {
    take(foo)
    queue.add(foo)
    queue.add(foo, { priority: 5 })
    queue.add(bar, { priority: 4 })
    queue.done(foo)
    expect(names(drain())).toEqual(['foo', 'bar'])
  })

  test('that become due again wait for done', () => {
    take(foo)
    queue.addAfter(foo, 1000)
    clock.advance(1000)
    expect(queue.length).toBe(1)
    expect(queue.tryGet()).toBeUndefined()
    queue.done(foo)
    expect(names(drain())).toEqual(['foo'])
  })
})

describe('requests that wait', () => {
  test('are handed out when their time has come, and do not count as due before', () => {
    queue.addAfter(foo, 1000)
    clock.advance(999)
    expect(queue.length).toBe(0)
    expect(queue.tryGet()).toBeUndefined()
    clock.advance(1)
    expect(queue.length).toBe(1)
    expect(queue.tryGet()).toEqual({ request: foo, priority: 0 })
  })

  test('are due by the time of the clock, though no timer has told so', () => {
    queue.addAfter(foo, 1000)
    clock.skip(1000)
    expect(queue.tryGet()).toEqual({ request: foo, priority: 0 })
  })

  test.each([
    [1000, 200],
    [200, 1000],
  ])('keep the earlier of the delays %i and %i', (first, second) => {
    queue.addAfter(foo, first)
    queue.addAfter(foo, second)
    clock.advance(200)
    expect(names(drain())).toEqual(['foo'])
  })

  test('overtake others whose time comes later, when their delay becomes shorter', () => {
    queue.addAfter(foo, 1000)
    queue.addAfter(bar, 2000)
    queue.addAfter(bar, 500)
    expect(clock.timers.map(({ delay }) => delay)).toEqual([500])
    clock.advance(1000)
    expect(names(drain())).toEqual(['bar', 'foo'])
  })

  test('wait no longer when they are added without a delay', () => {
    queue.addAfter(foo, 60_000)
    queue.add(foo)
    expect(names(drain())).toEqual(['foo'])
    expect(clock.timers).toEqual([])
  })

  test('get in line when they become due, not when they were added', () => {
    queue.addAfter(foo, 1000)
    queue.add(bar)
    clock.advance(1000)
    expect(names(drain())).toEqual(['bar', 'foo'])
  })

  test('go before others with a lower priority', () => {
    queue.add(foo, { priority: -100 })
    queue.addAfter(bar, 1000)
    clock.advance(1000)
    expect(names(drain())).toEqual(['bar', 'foo'])
  })

  test('that become due at the same time go by priority', () => {
    queue.add(foo, { after: 1000 })
    queue.add(bar, { after: 1000, priority: 1 })
    queue.add(baz, { after: 1000 })
    clock.advance(1000)
    expect(names(drain())).toEqual(['bar', 'foo', 'baz'])
  })

  test('do not wait for a delay of 0 or less', () => {
    queue.addAfter(foo, 0)
    queue.addAfter(bar, -1000)
    expect(names(drain())).toEqual(['foo', 'bar'])
  })

  test('have one timer together, for the first of them', () => {
    queue.addAfter(foo, 1000)
    queue.addAfter(bar, 200)
    queue.addAfter(baz, 3000)
    expect(clock.timers.map(({ delay }) => delay)).toEqual([200])
    clock.advance(200)
    expect(clock.timers.map(({ delay }) => delay)).toEqual([800])
  })

  test('keep the process alive only while somebody is there to take them', async () => {
    queue.addAfter(foo, 1000)
    expect(clock.timers).toEqual([{ delay: 1000, keepsProcess: false }])
    const taken = queue.get()
    expect(clock.timers).toEqual([{ delay: 1000, keepsProcess: true }])
    clock.advance(1000)
    await expect(taken).resolves.toEqual({ request: foo, priority: 0 })
  })
})

describe('addRateLimited', () => {
  test('waits as long as the rate limiter says', () => {
    queue.addRateLimited(foo)
    expect(dueIn(foo)).toBe(5)
    queue.add(foo)
    take(foo)
    queue.done(foo)
    queue.addRateLimited(foo)
    expect(dueIn(foo)).toBe(10)
    expect(queue.numRequeues(foo)).toBe(2)
  })

  test('begins again after forget', () => {
    queue.addRateLimited(foo)
    queue.forget(foo)
    expect(queue.numRequeues(foo)).toBe(0)
    queue.addRateLimited(bar)
    expect(dueIn(bar)).toBe(5)
  })

  test('waits for each request on its own', () => {
    for (let i = 0; i < 7; i++) rateLimiter.when(bar)
    queue.addRateLimited(foo)
    queue.addRateLimited(bar)
    clock.advance(5)
    expect(names(drain())).toEqual(['foo'])
    clock.advance(635)
    expect(names(drain())).toEqual(['bar'])
    expect(metrics.retries).toBe(2)
  })

  test.each([
    [1, 1],
    [60, 5],
  ])('with a delay of %i ms waits %i ms, the shorter of both', (after, expected) => {
    queue.add(foo, { after, rateLimited: true })
    expect(dueIn(foo)).toBe(expected)
  })
})

describe('get', () => {
  test('waits for a request', async () => {
    const taken = queue.get()
    queue.add(foo)
    await expect(taken).resolves.toEqual({ request: foo, priority: 0 })
    expect(queue.inFlight).toBe(1)
  })

  test('serves those who wait in the order in which they came', async () => {
    const taken = [queue.get(), queue.get()]
    queue.addAfter(foo, 1000)
    queue.addAfter(bar, 200)
    clock.advance(1000)
    expect((await Promise.all(taken)).map((item) => item?.request)).toEqual([bar, foo])
  })

  test('waits for done', async () => {
    take(foo)
    queue.add(foo)
    const taken = queue.get()
    queue.done(foo)
    await expect(taken).resolves.toEqual({ request: foo, priority: 0 })
  })

  test('ends with its signal, and leaves the request to others', async () => {
    const leaving = new AbortController()
    const taken = queue.get(leaving.signal)
    queue.addAfter(foo, 1000)
    leaving.abort()
    await expect(taken).resolves.toBeUndefined()
    await expect(queue.get(leaving.signal)).resolves.toBeUndefined()
    expect(clock.timers).toEqual([{ delay: 1000, keepsProcess: false }])
    clock.advance(1000)
    expect(queue.tryGet()).toEqual({ request: foo, priority: 0 })
  })

  test('comes before a tryGet when a request became due that no timer has told of', async () => {
    queue.addAfter(foo, 1000)
    queue.addAfter(bar, 1000)
    const taken = queue.get()
    clock.skip(1000)
    expect(queue.tryGet()).toEqual({ request: bar, priority: 0 })
    await expect(taken).resolves.toEqual({ request: foo, priority: 0 })
  })

  test('waits by the time of this machine', async () => {
    queue = createWorkQueue({ clock: systemClock, rateLimiter, name: 'real' })
    queue.addAfter(foo, 20)
    const taken = queue.get()
    queue.addAfter(bar, 10)
    expect(await taken).toEqual({ request: bar, priority: 0 })
    expect(await queue.get()).toEqual({ request: foo, priority: 0 })
    queue.shutDown()
  })

  test('is not early when a timer is', async () => {
    let onTime = () => {}
    const early = {
      now: () => clock.now(),
      setTimer: (callback: () => void, delay: number) => {
        onTime = callback
        return clock.setTimer(() => {}, delay)
      },
    }
    queue = createWorkQueue({ clock: early, rateLimiter, name: 'early' })
    const taken = queue.get()
    queue.addAfter(foo, 10)
    clock.skip(9)
    onTime()
    expect(queue.inFlight).toBe(0)
    clock.skip(1)
    onTime()
    await expect(taken).resolves.toEqual({ request: foo, priority: 0 })
  })
})

describe('shutDown', () => {
  test('tells those who wait', async () => {
    const taken = [queue.get(), queue.get()]
    queue.shutDown()
    expect(await Promise.all(taken)).toEqual([undefined, undefined])
    expect(queue.isShutDown).toBe(true)
  })

  test('lets nothing out and nothing in', async () => {
    queue.add(foo)
    queue.addAfter(bar, 1000)
    queue.shutDown()
    queue.add(baz)
    expect(queue.tryGet()).toBeUndefined()
    await expect(queue.get()).resolves.toBeUndefined()
    expect(clock.timers).toEqual([])
    expect([...queue.pending()].map(({ request }) => request.name)).toEqual(['foo', 'bar'])
  })

  test('waits for no one: what is in flight can still be done', () => {
    take(foo)
    queue.add(foo)
    queue.shutDown()
    queue.done(foo)
    expect(queue.inFlight).toBe(0)
    expect([...queue.pending()]).toHaveLength(1)
  })
})

test('pending tells what is due, then what waits, with times, priorities and failures', () => {
  const start = clock.now()
  take(named('taken'))
  take(named('dirty'))
  queue.add(foo, { after: 5000, priority: 3 })
  queue.addRateLimited(bar)
  queue.addRateLimited(bar)
  queue.add(baz, { priority: -100 })
  queue.add(named('dirty'))
  expect([...queue.pending()]).toEqual([
    { request: named('dirty'), priority: 0, dueAt: start, failures: 0 },
    { request: baz, priority: -100, dueAt: start, failures: 0 },
    { request: bar, priority: 0, dueAt: start + 5, failures: 2 },
    { request: foo, priority: 3, dueAt: start + 5000, failures: 0 },
  ])
})

describe('metrics', () => {
  test('are asked for by the name of the queue', () => {
    expect(metrics.names).toEqual(['test'])
  })

  test('have the depth by priority', () => {
    queue.add(foo)
    queue.add(bar)
    queue.add(bar, { priority: 1 })
    queue.add(baz, { after: 1000, priority: 2 })
    expect(metrics.depth).toEqual(new Map([[0, 1], [1, 1]])) // biome-ignore format: one line
    clock.advance(1000)
    expect(metrics.depth).toEqual(new Map([[0, 1], [1, 1], [2, 1]])) // biome-ignore format: one line
    drain()
    expect(metrics.depth).toEqual(new Map([[0, 0], [1, 0], [2, 0]])) // biome-ignore format: one line
  })

  test('count a request that waits when it becomes due, once', () => {
    queue.addAfter(foo, 3_600_000)
    expect([metrics.adds, metrics.retries]).toEqual([0, 1])
    queue.add(foo, { priority: 1 })
    queue.add(foo)
    expect([metrics.adds, metrics.retries]).toEqual([1, 1])
    expect(metrics.depth).toEqual(new Map([[1, 1]]))
  })

  test('have the time in the queue since a request is due, and the time of the work, in seconds', () => {
    queue.addAfter(foo, 1000)
    clock.advance(3000)
    queue.tryGet()
    clock.advance(500)
    queue.done(foo)
    expect(metrics.queueDurations).toEqual([2])
    expect(metrics.workDurations).toEqual([0.5])
  })

  test('tell about unfinished work when they are asked', () => {
    take(foo)
    clock.advance(2000)
    take(bar)
    clock.advance(1000)
    expect(metrics.unfinishedWork()).toEqual({ unfinishedSeconds: 4, longestRunningSeconds: 3 })
    queue.done(foo)
    expect(metrics.unfinishedWork()).toEqual({ unfinishedSeconds: 1, longestRunningSeconds: 1 })
  })
})

function named(name: string): Request {
  return { namespace: 'default', name }
}

function take(request: Request): void {
  queue.add(request)
  expect(queue.tryGet()?.request).toEqual(request)
}

function drain() {
  return [...Array(queue.length)].map(() => queue.tryGet()).filter((item) => item !== undefined)
}

function names(items: readonly { readonly request: Request }[]): string[] {
  return items.map(({ request }) => request.name)
}

function dueIn(request: Request): number | undefined {
  const pending = [...queue.pending()].find((item) => item.request.name === request.name)
  return pending && pending.dueAt - clock.now()
}

test('a request that a taker was handed is told of before the taker knows', async () => {
  const taken = queue.get()
  queue.add(foo)
  expect([...queue.pending()]).toEqual([])
  expect([...queue.handedOut()]).toEqual([{ request: foo, priority: 0 }])
  await taken
  queue.done(foo)
  expect([...queue.handedOut()]).toEqual([])
})
