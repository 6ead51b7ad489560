import { setImmediate as nextTurn } from 'node:timers/promises'
import type { KubernetesObject } from '@k1s/apimachinery'
import {
  type Controller,
  type ControllerBuilder,
  type Manager,
  newControllerManagedBy,
  type Reconciler,
} from '@k1s/controller-runtime'
import { defineKind } from '@k1s/core'
import { createTestEnvironment, type FakeClock, type TestEnvironment } from '@k1s/testing'
import { afterEach, beforeEach } from 'vitest'

// What the tests of semantics share: managers on an API in memory whose clock stands still until it is advanced.

export interface Item extends KubernetesObject {
  spec: { quantity: number }
  status?: { seen: number }
}

export const Item = defineKind<Item>({
  group: 'semantics.example.com',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
  subresources: { status: true },
})

export const item = (name: string, metadata: object = {}): Item => ({
  apiVersion: 'semantics.example.com/v1',
  kind: 'Item',
  metadata: { name, ...metadata },
  spec: { quantity: 1 },
})

export const ConfigMap = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
}

export const configMap = (name: string, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
})

export type FakeEnvironment = TestEnvironment<FakeClock>

export async function fakeEnvironment(): Promise<FakeEnvironment> {
  warmth ??= warmUp()
  await warmth
  return createTestEnvironment({ kinds: [Item], clock: 'fake' })
}

/** What a test has: an environment, and what goes on in it until `stop` aborts and it has ended. */
export interface Setting {
  env: FakeEnvironment
  stop: AbortController
  running: Promise<unknown>
}

/** Gives each test of a file a new setting, which is this one. */
export function eachTest(): Setting {
  const setting = {} as Setting
  beforeEach(async () => {
    setting.env = await fakeEnvironment()
    setting.stop = new AbortController()
    setting.running = Promise.resolve()
  })
  afterEach(async () => {
    setting.stop.abort()
    await setting.running
    await setting.env.close()
  })
  return setting
}

/** What Vitest loads when it is first needed takes turns that a clock does not wait for. */
let warmth: Promise<void> | undefined

async function warmUp(): Promise<void> {
  await using env = await createTestEnvironment({ kinds: [Item], objects: item('a') })
  const failing = () => Promise.reject(new Error('no luck'))
  await itemManager(env, failing).runOnce({ retryWithin: 10 })
  const stop = new AbortController()
  const manager = itemManager(env, failing, undefined, {
    leaderElection: { id: 'warm', namespace: 'default' },
  })
  const running = manager.start(stop.signal)
  await until(() => manager.controller.failures > 1)
  stop.abort()
  await running
}

/** How a manager is set to work: both ways go on until the signal aborts, and are to behave alike. */
export type Mode = (manager: Manager, signal: AbortSignal) => Promise<unknown>

export const modes: readonly (readonly [string, Mode])[] = [
  ['a running manager', (manager, signal) => manager.start(signal)],
  ['a triggered run', (manager, signal) => manager.runOnce({ untilIdle: true, signal })],
]

/** A manager of the environment with a controller of Items. */
export function itemManager(
  env: Pick<TestEnvironment, 'manager'>,
  reconcile: Reconciler['reconcile'],
  build: (builder: ControllerBuilder) => ControllerBuilder = (builder) => builder,
  options: Parameters<FakeEnvironment['manager']>[0] = {},
): Manager & { controller: Controller } {
  const manager = env.manager(options)
  const controller = build(newControllerManagedBy(manager).for(Item)).build(reconcile)
  return Object.assign(manager, { controller })
}

/** Lets this process go on, without time passing, until it is so. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn()
}

/** Something that is waited for until the test says so. */
export class Gate {
  readonly opened: Promise<void>
  open: () => void = () => {}

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve
    })
  }
}
