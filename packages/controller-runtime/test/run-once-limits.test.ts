import { setTimeout as delay } from 'node:timers/promises'
import { enqueueRequestsFromMapFunc, newControllerManagedBy, newLogger } from '@k1s/controller-runtime'
import { mergePatch } from '@k1s/core'
import { createTestEnvironment, type TestEnvironment } from '@k1s/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigMap, configMap, Item, item, itemManager } from './semantics.ts'

let env: TestEnvironment
beforeEach(async () => {
  env = await createTestEnvironment({ kinds: [Item], objects: item('a') })
})
afterEach(() => env.close())

describe('a deadline ends a run whose reconciler', () => {
  test('makes ever more objects and never waits for anything outside', async () => {
    let count = 0
    const manager = itemManager(env, async () => {
      await env.client.create(item(`b-${count++}`))
    })
    const { controllers } = await manager.runOnce({ deadline: 100 })
    expect(controllers).toMatchObject([{ outcome: 'interrupted', failures: 0 }])
  })

  test('writes to its own object for ever', async () => {
    let quantity = 0
    const manager = itemManager(env, async ({ name }) => {
      const found = await env.client.get(Item, { name })
      await env.client.patch(found, mergePatch({ spec: { quantity: quantity++ } }))
    })
    const { controllers } = await manager.runOnce({ deadline: 100 })
    expect(controllers).toMatchObject([{ outcome: 'interrupted', failures: 0 }])
  })
})

test('a deadline ends a run with a handler that never ends, and what it was told is not forgotten', async () => {
  let hangs = true
  const reconciled: string[] = []
  const manager = env.manager()
  newControllerManagedBy(manager)
    .for(Item)
    .watches(ConfigMap, { create: () => (hangs ? delay(2 ** 30, undefined, { ref: false }) : undefined) })
    .complete(({ name }) => void reconciled.push(name))
  await env.client.create(configMap('b'))
  const { controllers } = await manager.runOnce({ deadline: 20 })
  expect(controllers).toMatchObject([{ outcome: 'interrupted', reconciles: 0 }])
  hangs = false
  await manager.runOnce()
  expect(reconciled).toEqual(['a'])
})

test('a signal ends a running manager whose reconciler never waits for anything outside', async () => {
  const stop = new AbortController()
  let count = 0
  const manager = itemManager(env, async () => {
    if (count === 0) setTimeout(() => stop.abort(), 20)
    await env.client.create(item(`b-${count++}`))
  })
  await manager.start(stop.signal)
  expect(manager.controller.failures).toBe(0)
})

test.each<[string, () => unknown]>([
  ['an object without a prototype', () => Object.create(null)],
  [
    'an Error whose message throws',
    () =>
      Object.defineProperty(new Error(), 'message', {
        get() {
          throw new Error('again')
        },
      }),
  ],
  [
    'an Error that is its own cause',
    () => {
      const error: Error = new Error('round')
      error.cause = error
      return error
    },
  ],
])('a reconcile that throws %s fails alone, and is tried again', async (_, thrown) => {
  await env.client.create(item('b'))
  const lines: string[] = []
  const manager = itemManager(
    env,
    ({ name }) => {
      if (name === 'a') throw thrown()
    },
    undefined,
    { logger: newLogger({ write: (line) => lines.push(line) }) },
  )
  const [report] = (await manager.runOnce({ retryWithin: 10 })).controllers
  // Retries come after 5, 10 and 20 ms; one that is due in 20 is due in 10 for a process that had to wait.
  const failures = Math.max(report?.failures ?? 0, 3)
  expect(report).toMatchObject({ outcome: 'idle', reconciles: failures + 1, failures, pending: 1 })
  expect(lines).toHaveLength(failures)
})

test('what a reconcile saw of an object that was gone before anybody looked is put right in the same run', async () => {
  const counts: number[] = []
  const manager = env.manager()
  newControllerManagedBy(manager)
    .for(Item)
    .watches(
      ConfigMap,
      enqueueRequestsFromMapFunc(() => [{ namespace: 'default', name: 'a' }]),
    )
    .complete(async () => {
      const isFirst = counts.length === 0
      if (isFirst) await env.client.create(configMap('short-lived'))
      counts.push((await env.client.list(ConfigMap, { namespace: 'default' })).items.length)
      if (isFirst) await env.client.delete(ConfigMap, { name: 'short-lived' })
    })
  await manager.runOnce()
  expect(counts).toEqual([1, 0])
})

test('a controller of Leases comes to rest: it is not told of those of controllers', async () => {
  const Lease = {
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    plural: 'leases',
    namespaced: true,
  }
  const told: string[] = []
  const manager = itemManager(env, () => {})
  newControllerManagedBy(manager)
    .for(Lease)
    .complete(({ name }) => void told.push(name))
  await env.client.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'mine' } })
  await manager.runOnce()
  await manager.runOnce()
  expect(told).toEqual(['mine'])
})

test('a run that is interrupted while another process is the holder says which', async () => {
  const spec = { holderIdentity: 'elsewhere_1', leaseDurationSeconds: 15 }
  const metadata = { namespace: 'kube-system', name: 'k1s-controller-item' }
  await env.client.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec })
  const waited = await itemManager(env, () => {}).runOnce({ deadline: 50 })
  expect(waited.controllers).toMatchObject([{ outcome: 'interrupted', reconciles: 0, holder: 'elsewhere_1' }])
  await env.client.delete(
    { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
    metadata,
  )
  const done = await itemManager(env, () => {}).runOnce({ deadline: 10_000 })
  expect(done.controllers[0]).toMatchObject({ outcome: 'idle', reconciles: 1 })
  expect(done.controllers[0]).not.toHaveProperty('holder')
})

test('a run finds its work done by a manager that watches, whatever else was written meanwhile', async () => {
  const stop = new AbortController()
  let count = 0
  const following = itemManager(env, () => void count++)
  const running = following.start(stop.signal)
  while (count < 1) await delay(1)
  for (let round = 0; round < 3; round++) {
    await env.client.create(item(`b-${round}`))
    await env.client.create(configMap(`c-${round}`))
    const { controllers } = await itemManager(env, () => {}).runOnce({ deadline: '20s' })
    expect(controllers).toMatchObject([{ outcome: 'elsewhere', reconciles: 0 }])
    expect(count).toBe(2 + round)
  }
  stop.abort()
  await running
})
