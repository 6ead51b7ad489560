import { setTimeout as delay } from 'node:timers/promises'
import type { Manager, ReconcileFunction } from '@k1s/controller-runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eachTest, Gate, item, itemManager, modes, until } from './semantics.ts'

const setting = eachTest()
beforeEach(async () => {
  await setting.env.client.create(item('a'))
})

const counted = (manager: Manager, name: string) =>
  Number(new RegExp(`^${name}{controller="item"} (.*)$`, 'm').exec(manager.metrics.text())?.[1])
const panics = (manager: Manager) => counted(manager, 'controller_runtime_reconcile_panics_total')

describe.each(modes)('%s', (_, mode) => {
  /** Begins with a reconciler that does this the first time, and waits for that. */
  async function begin(first: ReconcileFunction) {
    let count = 0
    const manager = itemManager(setting.env, (request, context) =>
      count++ === 0 ? first(request, context) : undefined,
    )
    setting.running = mode(manager, setting.stop.signal)
    await until(() => count > 0)
    return { manager, count: () => count }
  }

  it.each<[string, unknown, ReconcileFunction]>([
    ['a TypeError', expect.any(TypeError), () => (undefined as unknown as { of: () => void }).of()],
    ['a text', 'boom', () => Promise.reject('boom')],
    ['undefined', undefined, () => Promise.reject(undefined)],
    [
      'a RangeError of a reconcile that began to wait',
      expect.any(RangeError),
      async () => {
        await undefined
        new Array(-1)
      },
    ],
  ])('recovers from %s, counts it as a panic and tries again', async (_, error, panic) => {
    const { manager, count } = await begin(panic)
    await setting.env.clock.advance(5)
    expect(count()).toBe(2)
    expect(panics(manager)).toBe(1)
    expect(manager.controller).toMatchObject({ reconciles: 2, failures: 1 })
    const logged = setting.env.logs.filter(({ message }) => message === 'Reconciler error')
    expect(logged.map((line) => line.error)).toEqual([error])
  })

  it('does not count what a reconcile throws on purpose as a panic', async () => {
    const { manager, count } = await begin(() => {
      throw new Error('no luck')
    })
    await setting.env.clock.advance(5)
    expect(count()).toBe(2)
    expect(panics(manager)).toBe(0)
  })

  describe('of a promise that nobody awaits', () => {
    /** Those of the test runner, for which any rejection is a failure. */
    let others: NodeJS.UnhandledRejectionListener[]
    beforeEach(() => {
      others = process.listeners('unhandledRejection')
      for (const listener of others) {
        if (!isOfReconciles(listener)) process.removeListener('unhandledRejection', listener)
      }
    })
    afterEach(() => {
      const kept = process.listeners('unhandledRejection')
      for (const listener of others) {
        if (!kept.includes(listener)) process.on('unhandledRejection', listener)
      }
    })

    it('takes a rejection for a failure of the reconcile that is under way, and tries again', async () => {
      const gate = new Gate()
      const { manager, count } = await begin(() => {
        void Promise.reject(new Error('left alone'))
        return gate.opened
      })
      await delay(1)
      gate.open()
      await setting.env.clock.advance(5)
      expect(count()).toBe(2)
      expect(panics(manager)).toBe(1)
      const logged = setting.env.logs.find(({ message }) => message === 'Reconciler error')
      expect(logged?.error).toMatchObject({ message: 'unhandled rejection: left alone' })
    })

    it('logs a rejection that comes after the reconcile with the id of that, counts it, and does not try again', async () => {
      let id = ''
      const { manager, count } = await begin((_, { reconcileID }) => {
        id = reconcileID
        void delay(1).then(() => Promise.reject(new Error('left alone')))
      })
      await until(() => panics(manager) > 0)
      await setting.env.clock.advance(1000)
      expect(count()).toBe(1)
      expect(setting.env.logs).toContainEqual(
        expect.objectContaining({
          level: 'error',
          message: 'Unhandled rejection of what a reconcile began',
          error: expect.objectContaining({ cause: new Error('left alone') }),
          values: expect.objectContaining({ reconcileID: id, name: 'a', controller: 'item' }),
        }),
      )
    })
  })
})

it('a rejection that no reconcile began is told to other listeners as ever', async () => {
  const others = process.listeners('unhandledRejection').filter((listener) => !isOfReconciles(listener))
  const told: unknown[] = []
  const listener = (reason: unknown) => void told.push(reason)
  for (const other of others) process.removeListener('unhandledRejection', other)
  process.on('unhandledRejection', listener)
  try {
    const manager = itemManager(setting.env, () => undefined)
    await manager.runOnce()
    void Promise.reject(new Error('of something else'))
    await delay(1)
    expect(told).toEqual([new Error('of something else')])
    expect(panics(manager)).toBe(0)
  } finally {
    process.removeListener('unhandledRejection', listener)
    for (const other of others) process.on('unhandledRejection', other)
  }
})

function isOfReconciles(listener: NodeJS.UnhandledRejectionListener): boolean {
  return listener.name === 'onUnhandledRejection'
}
