import { newControllerManagedBy, type ReconcileFunction, type Request } from '@k1s/controller-runtime'
import { describe, expect, it } from 'vitest'
import { eachTest, Gate, Item, item, itemManager, modes, until } from './semantics.ts'

const setting = eachTest()

const touch = async (name: string, quantity: number) => {
  const found = await setting.env.client.get(Item, { name })
  await setting.env.client.update({ ...found, spec: { quantity } })
}

describe.each(modes)('%s', (_, mode) => {
  it('reconciles as many requests at a time as maxConcurrentReconciles says', async () => {
    for (const name of 'abcdefgh') await setting.env.client.create(item(name))
    const gate = new Gate()
    let active = 0
    let most = 0
    const reconcile = async () => {
      active++
      most = Math.max(most, active)
      await gate.opened
      active--
    }
    const manager = itemManager(setting.env, reconcile, (builder) =>
      builder.withOptions({ maxConcurrentReconciles: 3 }),
    )
    setting.running = mode(manager, setting.stop.signal)
    await until(() => active === 3)
    await setting.env.clock.advance(1000)
    expect(manager.controller.active.size).toBe(3)
    expect(manager.metrics.text()).toContain('controller_runtime_active_workers{controller="item"} 3')
    expect(manager.metrics.text()).toContain(
      'controller_runtime_max_concurrent_reconciles{controller="item"} 3',
    )
    gate.open()
    await setting.env.clock.advance(0)
    expect(manager.controller.reconciles).toBe(8)
    expect(most).toBe(3)
  })

  it('reconciles one at a time if nothing is said', async () => {
    for (const name of 'abc') await setting.env.client.create(item(name))
    const gate = new Gate()
    const manager = itemManager(setting.env, () => gate.opened)
    setting.running = mode(manager, setting.stop.signal)
    await until(() => manager.controller.active.size > 0)
    await setting.env.clock.advance(1000)
    expect(manager.controller.active.size).toBe(1)
    gate.open()
  })

  it('never reconciles one request twice at a time: what happens meanwhile makes for exactly one more', async () => {
    await setting.env.client.create(item('a'))
    const gate = new Gate()
    const seen: number[] = []
    const reconcile: ReconcileFunction = async (request) => {
      seen.push((await setting.env.client.get(Item, request)).spec.quantity)
      if (seen.length === 1) await gate.opened
    }
    const manager = itemManager(setting.env, reconcile, (builder) =>
      builder.withOptions({ maxConcurrentReconciles: 5 }),
    )
    setting.running = mode(manager, setting.stop.signal)
    await until(() => seen.length === 1)
    for (const quantity of [2, 3, 4]) {
      await touch('a', quantity)
      await setting.env.clock.advance(1)
    }
    expect(manager.controller.active.size).toBe(1)
    gate.open()
    await setting.env.clock.advance(1000)
    expect(seen).toEqual([1, 4])
  })

  it('reconciles a request once that several events ask for while it waits for its turn', async () => {
    await setting.env.client.create(item('a'))
    const gate = new Gate()
    const names: string[] = []
    const manager = itemManager(setting.env, async ({ name }) => {
      names.push(name)
      if (names.length === 1) await gate.opened
    })
    setting.running = mode(manager, setting.stop.signal)
    await until(() => names.length === 1)
    await setting.env.client.create(item('b'))
    for (const quantity of [2, 3, 4]) {
      await touch('b', quantity)
      await setting.env.clock.advance(1)
    }
    gate.open()
    await setting.env.clock.advance(1000)
    expect(names).toEqual(['a', 'b'])
  })

  it('queues all objects there are with priority -100, behind what happens meanwhile', async () => {
    for (const name of 'abc') await setting.env.client.create(item(name))
    const gate = new Gate()
    const names: string[] = []
    const manager = itemManager(setting.env, async ({ name }) => {
      names.push(name)
      if (names.length > 1) return
      await gate.opened
      manager.controller.queue.add({ namespace: 'default', name: 'urgent' })
    })
    setting.running = mode(manager, setting.stop.signal)
    await until(() => names.length === 1)
    expect([...manager.controller.queue.pending()].map(({ priority }) => priority)).toEqual([-100, -100])
    gate.open()
    await setting.env.clock.advance(0)
    expect(names).toEqual(['a', 'urgent', 'b', 'c'])
  })

  it('keeps the priority of a request that failed, and takes that of a result', async () => {
    await setting.env.client.create(item('a'))
    const priorities: number[] = []
    const manager = itemManager(setting.env, (request: Request) => {
      priorities.push(manager.controller.active.get(`${request.namespace}/${request.name}`)!.priority)
      if (priorities.length === 1) throw new Error('no luck')
      if (priorities.length === 2) return { requeueAfter: '1s' }
      if (priorities.length === 3) return { requeueAfter: '1s', priority: 7 }
      return priorities.length === 4 ? { requeue: true } : undefined
    })
    setting.running = mode(manager, setting.stop.signal)
    await until(() => priorities.length === 1)
    await setting.env.clock.advance(3000)
    expect(priorities).toEqual([-100, -100, -100, 7, 7])
  })

  it('has many reconciles and controllers at a time without warnings of Node', async () => {
    const warnings: string[] = []
    const onWarning = (warning: Error) => void warnings.push(warning.message)
    process.on('warning', onWarning)
    try {
      for (let index = 0; index < 20; index++) await setting.env.client.create(item(`i${index}`))
      const waiting: ReconcileFunction = (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve())
          setting.env.clock.setTimer(resolve, 10)
        })
      const manager = itemManager(setting.env, waiting, (builder) =>
        builder.withOptions({ maxConcurrentReconciles: 20 }),
      )
      for (let index = 0; index < 12; index++) {
        newControllerManagedBy(manager)
          .for(Item)
          .named(`other-${index}`)
          .withOptions({ maxConcurrentReconciles: 20, reconciliationTimeout: '1m' })
          .complete(waiting)
      }
      setting.running = mode(manager, setting.stop.signal)
      await until(() => manager.controllers.every(({ active }) => active.size === 20))
      await setting.env.clock.advance(20)
      expect(manager.controllers.map(({ reconciles }) => reconciles)).toEqual(Array(13).fill(20))
      expect(warnings).toEqual([])
    } finally {
      process.removeListener('warning', onWarning)
    }
  })
})
