import {
  type Manager,
  type RateLimiter,
  type ReconcileFunction,
  TerminalError,
} from '@k1s/controller-runtime'
import { describe, expect, it } from 'vitest'
import { eachTest, Gate, Item, item, itemManager, modes, until } from './semantics.ts'

const setting = eachTest()

describe.each(modes)('%s', (_, mode) => {
  /** When reconciles of the Item began, in milliseconds from the first one. */
  let times: number[]

  /** Begins with one Item, and goes on until that was reconciled once. */
  async function begin(
    reconcile: ReconcileFunction,
    build?: Parameters<typeof itemManager>[2],
  ): Promise<Manager> {
    times = []
    let first: number | undefined
    const timed: ReconcileFunction = (request, context) => {
      first ??= setting.env.clock.now()
      times.push(setting.env.clock.now() - first)
      return reconcile(request, context)
    }
    await setting.env.client.create(item('a'))
    const manager = itemManager(setting.env, timed, build)
    setting.running = mode(manager, setting.stop.signal)
    await until(() => times.length > 0)
    return manager
  }

  /** The times between the reconciles. */
  const waits = () => times.slice(1).map((time, index) => time - times[index]!)

  it('tries again after 5 ms, and twice as long after each failure', async () => {
    await begin(() => Promise.reject(new Error('no luck')))
    await setting.env.clock.advance(5 * (2 ** 11 - 1))
    expect(waits()).toEqual(Array.from({ length: 11 }, (_, failures) => 5 * 2 ** failures))
  })

  it('begins with 5 ms again after a success', async () => {
    await begin(({ name }) => {
      if (times.length <= 4 || times.length >= 6) throw new Error(`no luck with ${name}`)
      return { requeueAfter: '1s' }
    })
    await setting.env.clock.advance(5 + 10 + 20 + 40 + 1000 + 5 + 10)
    expect(waits()).toEqual([5, 10, 20, 40, 1000, 5, 10])
  })

  it('counts the failures of each request by themselves', async () => {
    await setting.env.client.create(item('b'))
    const timesOfB: number[] = []
    await begin(({ name }) => {
      if (name === 'b') timesOfB.push(setting.env.clock.now())
      if (timesOfB.length === 1 && name === 'b') return { requeueAfter: '1s' }
      throw new Error('no luck')
    })
    await setting.env.clock.advance(1000 + 5 + 10)
    expect(timesOfB.map((time) => time - timesOfB[0]!)).toEqual([0, 1000, 1005, 1015])
  })

  const broken = () => {
    throw new Error('broken limiter')
  }

  it.each<[string, RateLimiter]>([
    ['throws', { when: broken, forget: broken, numRequeues: broken, restore: broken }],
    ['says what is no time', { when: () => Number.NaN, forget() {}, numRequeues: () => 0 }],
  ])('tries again as without a rate limiter if that %s', async (_name, rateLimiter) => {
    await begin(
      () => {
        if (times.length < 3) throw new Error('no luck')
        return times.length === 3 ? { requeue: true } : {}
      },
      (builder) => builder.withOptions({ rateLimiter }),
    )
    await setting.env.clock.advance(1000)
    expect(waits()).toEqual([5, 10, 20])
    expect(setting.env.logs).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'The rate limiter failed' }),
    )
    setting.stop.abort()
    await setting.running
  })

  it('reconciles again after requeueAfter, each time', async () => {
    await begin(() => ({ requeueAfter: '1m' }))
    await setting.env.clock.advance(59_999)
    expect(times).toEqual([0])
    await setting.env.clock.advance(120_001)
    expect(times).toEqual([0, 60_000, 120_000, 180_000])
  })

  it('reconciles at once, and not again after requeueAfter, if something happened meanwhile', async () => {
    const gate = new Gate()
    await begin(async () => {
      if (times.length > 1) return undefined
      await gate.opened
      return { requeueAfter: '1m' }
    })
    const found = await setting.env.client.get(Item, { name: 'a' })
    await setting.env.client.update({ ...found, spec: { quantity: 2 } })
    await setting.env.clock.advance(10)
    gate.open()
    await setting.env.clock.advance(120_000)
    expect(times).toEqual([0, 10])
  })

  it('requeues with the back-off of a failure when the result says requeue', async () => {
    await begin(() => (times.length <= 4 ? { requeue: true } : undefined))
    await setting.env.clock.advance(1000)
    expect(waits()).toEqual([5, 10, 20, 40])
  })

  it('forgets failures with requeueAfter, and not with requeue', async () => {
    await begin(() => {
      switch (times.length) {
        case 1:
        case 2:
          return { requeue: true }
        case 3:
          throw new Error('no luck')
        case 4:
          return { requeue: true, requeueAfter: '1s' }
        case 5:
          return { requeue: true }
        default:
          return undefined
      }
    })
    await setting.env.clock.advance(2000)
    expect(waits()).toEqual([5, 10, 20, 1000, 5])
  })

  it('treats a requeueAfter of 0 or less, and an empty result, as done', async () => {
    await begin(() => ({ requeueAfter: times.length === 1 ? -5 : 0 }))
    await setting.env.clock.advance(20_000)
    expect(times).toEqual([0])
  })

  it('treats a requeueAfter that is no duration as a failure that says so', async () => {
    const manager = await begin(() => ({ requeueAfter: times.length === 1 ? 'soon' : 0 }))
    await setting.env.clock.advance(5)
    expect(waits()).toEqual([5])
    expect(setting.env.logs.find(({ level }) => level === 'error')?.error).toEqual(
      new Error('time: invalid duration "soon"'),
    )
    expect(metric(manager, 'controller_runtime_reconcile_errors_total')).toBe(1)
  })

  it.each([
    ['thrown', () => new TerminalError(new Error('never'))],
    ['that caused what is thrown', () => new Error('outer', { cause: new TerminalError('never') })],
    [
      'among several',
      () => new AggregateError([new Error('a'), new Error('b', { cause: new TerminalError('c') })]),
    ],
  ])('does not try again after a terminal error %s', async (_, error) => {
    const manager = await begin(() => Promise.reject(error()))
    await setting.env.clock.advance(20_000)
    expect(times).toEqual([0])
    expect(metric(manager, 'controller_runtime_terminal_reconcile_errors_total')).toBe(1)
    expect(metric(manager, 'controller_runtime_reconcile_errors_total')).toBe(1)
    expect(metric(manager, 'controller_runtime_reconcile_total', 'error')).toBe(1)
  })

  it('aborts the signal of a reconcile that takes longer than reconciliationTimeout, and counts that', async () => {
    const reasons: unknown[] = []
    const manager = await begin(
      (_, { signal }) => {
        if (times.length > 1) return undefined
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason)
            reject(signal.reason)
          })
        })
      },
      (builder) => builder.withOptions({ reconciliationTimeout: '10s' }),
    )
    await setting.env.clock.advance(9999)
    expect(reasons).toEqual([])
    await setting.env.clock.advance(1)
    expect(reasons).toEqual([new Error('the reconcile took more than 10000 ms')])
    await setting.env.clock.advance(5)
    expect(times).toEqual([0, 10_005])
    expect(metric(manager, 'controller_runtime_reconcile_timeouts_total')).toBe(1)
  })

  it('tells a reconcile that only the timeout of another reconcile is over nothing', async () => {
    const gate = new Gate()
    const signals: AbortSignal[] = []
    await begin(
      async (_, { signal }) => {
        signals.push(signal)
        if (signals.length === 1) await gate.opened
        return signals.length === 1 ? { requeueAfter: '3s' } : undefined
      },
      (builder) => builder.withOptions({ reconciliationTimeout: '10s' }),
    )
    await setting.env.clock.advance(9000)
    gate.open()
    await setting.env.clock.advance(20_000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
  })

  it('counts each result', async () => {
    const manager = await begin(() => {
      if (times.length === 1) throw new Error('no luck')
      if (times.length === 2) return { requeueAfter: 1 }
      return times.length === 3 ? { requeue: true } : {}
    })
    await setting.env.clock.advance(100)
    const counts = ['error', 'requeue_after', 'requeue', 'success'].map((result) =>
      metric(manager, 'controller_runtime_reconcile_total', result),
    )
    expect(counts).toEqual([1, 1, 1, 1])
  })
})

it('the back-off grows up to 1,000 s', async () => {
  await setting.env.client.create(item('a'))
  const times: number[] = []
  const manager = itemManager(setting.env, () => {
    times.push(setting.env.clock.now())
    throw new Error('no luck')
  })
  setting.running = manager.runOnce({ untilIdle: true, signal: setting.stop.signal })
  await until(() => times.length > 0)
  await setting.env.clock.advance(5 * (2 ** 18 - 1) + 1_000_000)
  const waits = times.slice(1).map((time, index) => time - times[index]!)
  expect(waits.slice(-3)).toEqual([327_680, 655_360, 1_000_000])
})

/** The value of a metric of the controller. */
function metric(manager: Manager, name: string, result?: string): number | undefined {
  const labels = result === undefined ? '' : `,result="${result}"`
  const line = `${name}{controller="item"${labels}} `
  const found = manager.metrics
    .text()
    .split('\n')
    .find((text) => text.startsWith(line))
  return found === undefined ? undefined : Number(found.slice(line.length))
}
