import type { KubernetesObject } from '@k1s/apimachinery'
import { createRuntime, defineKind, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type ControllerBuilder,
  type Manager,
  type ManagerOptions,
  newControllerManagedBy,
  newManager,
  type ReconcileFunction,
} from '../src/index.ts'
import { Gate } from './semantics.ts'

interface Item extends KubernetesObject {
  spec: { quantity: number }
  status?: { seen: number }
}
const Item = defineKind<Item>({
  group: 'inventory.example.com',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
  subresources: { status: true },
})

const item = (name: string, quantity = 1): Item => ({
  apiVersion: 'inventory.example.com/v1',
  kind: 'Item',
  metadata: { name },
  spec: { quantity },
})

const silent = { debug() {}, info() {}, error() {}, withName: () => silent, withValues: () => silent }

let runtime: Runtime
let stop: AbortController
beforeEach(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
  runtime.registerAPI(Item)
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await runtime.close()
})

function managerOf(
  reconcile: (manager: Manager) => ReconcileFunction,
  options: ManagerOptions = {},
  build: (builder: ControllerBuilder) => ControllerBuilder = (builder) => builder,
) {
  const manager = newManager(runtime, { logger: silent, ...options })
  build(newControllerManagedBy(manager).for(Item)).complete(reconcile(manager))
  return manager
}

const copyingQuantity =
  (manager: Manager): ReconcileFunction =>
  async (request) => {
    const found = await manager.client.get(Item, request)
    if (found.status?.seen === found.spec.quantity) return
    await manager.client.status.update({ ...found, status: { seen: found.spec.quantity } })
  }

const seen = async (name: string) => (await runtime.client.get(Item, { name })).status?.seen

describe('a running manager', () => {
  it('reconciles what is there, and then what happens', async () => {
    await runtime.client.create(item('a', 3))
    const running = managerOf(copyingQuantity).start(stop.signal)
    await vi.waitFor(async () => expect(await seen('a')).toBe(3))
    await runtime.client.create(item('b', 4))
    await vi.waitFor(async () => expect(await seen('b')).toBe(4))
    stop.abort()
    await running
  })

  it('leaves nothing to do for a triggered run after it', async () => {
    await runtime.client.create(item('a', 3))
    const running = managerOf(copyingQuantity).start(stop.signal)
    await vi.waitFor(async () => expect(await seen('a')).toBe(3))
    stop.abort()
    await running
    const report = await managerOf(copyingQuantity).runOnce()
    expect(report.controllers[0]).toMatchObject({ outcome: 'idle', reconciles: 0 })
  })

  it('does the work for a triggered run that comes meanwhile', async () => {
    const running = managerOf(copyingQuantity).start(stop.signal)
    await runtime.client.create(item('a', 3))
    await vi.waitFor(async () => expect(await seen('a')).toBe(3))
    await runtime.client.create(item('b', 3))
    const report = await managerOf(copyingQuantity).runOnce()
    expect(report.controllers[0]).toMatchObject({ outcome: 'elsewhere', reconciles: 0 })
    expect(await seen('b')).toBe(3)
    stop.abort()
    await running
  })

  it('waits for the reconcile that is under way, and keeps what was still to do', async () => {
    for (const name of ['a', 'b', 'c']) await runtime.client.create(item(name))
    const begun = new Gate()
    const goOn = new Gate()
    const reconciled: string[] = []
    const running = managerOf(() => async ({ name }) => {
      begun.open()
      await goOn.opened
      reconciled.push(name)
    }).start(stop.signal)
    await begun.opened
    stop.abort()
    goOn.open()
    await running
    expect(reconciled).toHaveLength(1)
    const later: string[] = []
    await managerOf(
      () =>
        ({ name }) =>
          void later.push(name),
    ).runOnce()
    expect([...reconciled, ...later].sort()).toEqual(['a', 'b', 'c'])
  })

  it('runs periodic controllers every so often, and not for events', async () => {
    await runtime.client.create(item('a'))
    let count = 0
    const periodic = (builder: ControllerBuilder) => builder.withTrigger({ type: 'periodic', every: '80ms' })
    const running = managerOf(() => () => void count++, {}, periodic).start(stop.signal)
    await vi.waitFor(() => expect(count).toBeGreaterThanOrEqual(3))
    stop.abort()
    await running
  })

  it('ends with the error of a runnable', async () => {
    const manager = managerOf(copyingQuantity)
    manager.add({ start: () => Promise.reject(new Error('no port')) })
    await expect(manager.start(stop.signal)).rejects.toThrow('no port')
  })

  it('waits for the election, and gives the Lease back at its end', async () => {
    await runtime.client.create(item('a', 3))
    const options = { leaderElection: { id: 'test-leader', namespace: 'default', retryPeriod: '20ms' } }
    const first = managerOf(copyingQuantity, options)
    const running = first.start(stop.signal)
    await first.elected
    const other = managerOf(() => () => undefined, options)
    const otherStop = new AbortController()
    const otherRunning = other.start(otherStop.signal)
    let isElected = false
    void other.elected.then(() => {
      isElected = true
    })
    await vi.waitFor(async () => expect(await seen('a')).toBe(3))
    expect(isElected).toBe(false)
    stop.abort()
    await running
    await other.elected
    otherStop.abort()
    await otherRunning
  })
})

it('a kind without objects leaves nothing to do either', async () => {
  const manager = managerOf(copyingQuantity)
  const running = manager.start(stop.signal)
  const report = await managerOf(copyingQuantity).runOnce({ deadline: '10s' })
  expect(report.controllers[0]?.outcome).toMatch(/idle|elsewhere/)
  stop.abort()
  await running
})
