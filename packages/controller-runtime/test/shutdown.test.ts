import { isServiceUnavailable, type KubernetesObject } from '@k1s/apimachinery'
import { createRuntime, defineKind, type Runtime } from '@k1s/core'
import { FakeClock } from '@k1s/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newControllerManagedBy, newManager, type Reconciler } from '../src/index.ts'
import { Gate } from './semantics.ts'

interface Item extends KubernetesObject {
  spec: { quantity: number }
}
const Item = defineKind<Item>({
  group: 'inventory.example.com',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
})

const item = (name: string): Item => ({
  apiVersion: 'inventory.example.com/v1',
  kind: 'Item',
  metadata: { name },
  spec: { quantity: 1 },
})

let runtime: Runtime
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  runtime.registerAPI(Item)
})
afterEach(() => runtime.close())

function managerWith(reconcile: Reconciler['reconcile'], on: Runtime = runtime) {
  const silent = { debug() {}, info() {}, error() {}, withName: () => silent, withValues: () => silent }
  const manager = newManager(on, { logger: silent })
  newControllerManagedBy(manager).for(Item).complete(reconcile)
  return manager
}

/** Begins, and goes on until its signal aborts. */
const endless =
  (begun: Gate): Reconciler['reconcile'] =>
  (_, { signal }) => {
    begun.open()
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }

it('a runtime that ends waits for the reconcile that is under way, which may still write', async () => {
  await runtime.client.create(item('a'))
  await runtime.client.create(item('b'))
  const begun = new Gate()
  const goOn = new Gate()
  const reconciled: string[] = []
  const manager = managerWith(async ({ name, namespace }) => {
    begun.open()
    await goOn.opened
    await runtime.client.patch(
      { ...item(name), metadata: { name, namespace } },
      { type: 'application/merge-patch+json', body: { spec: { quantity: 2 } } },
    )
    reconciled.push(name)
  })
  const running = manager.runOnce()
  await begun.opened
  expect(runtime.work.counts).toMatchObject({ reconciles: 1 })
  expect(runtime.work.list()).toEqual([{ kind: 'reconcile', description: 'item default/a' }])
  const ending = runtime.work.finish(runtime.clock, 10_000)
  goOn.open()
  const report = await running
  expect(await ending).toEqual([])
  expect(reconciled).toEqual(['a'])
  expect(report.controllers[0]).toMatchObject({ outcome: 'interrupted', reconciles: 1 })
  const refused = await runtime.client.get(Item, { name: 'a' }).catch((error) => error)
  expect(isServiceUnavailable(refused)).toBe(true)
})

it('what does not end in time is told', async () => {
  await runtime.client.create(item('a'))
  const begun = new Gate()
  const manager = managerWith(endless(begun))
  const stop = new AbortController()
  const running = manager.runOnce({ signal: stop.signal, deadline: '10s' })
  await begun.opened
  const left = await runtime.shutdown({ timeoutMs: 20 })
  expect(left).toEqual([{ kind: 'reconcile', description: 'item default/a' }])
  stop.abort()
  await running
})

it.each(['start', 'runOnce'] as const)(
  'a runtime that is closed ends %s, and aborts its reconciles',
  async (way) => {
    // Its time does not pass: nothing ends because something took too long.
    await using closing = await createRuntime({ storage: { type: 'memory' }, clock: new FakeClock() })
    closing.registerAPI(Item)
    await closing.client.create(item('a'))
    const begun = new Gate()
    const manager = managerWith(endless(begun), closing)
    const running = way === 'start' ? manager.start(new AbortController().signal) : manager.runOnce()
    await begun.opened
    await closing.close()
    await Promise.allSettled([running])
    expect(manager.controllers.map(({ active }) => active.size)).toEqual([0])
  },
)
