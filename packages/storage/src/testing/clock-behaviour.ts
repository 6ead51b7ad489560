import assert from 'node:assert/strict'
import { type Clock, isNotFound } from '@k1s/apimachinery'
import type { StorageInterface } from '../interface.ts'
import { storageKey, storagePrefix } from '../storage-key.ts'
import { eventually } from './runner.ts'

/** A test of a store that was opened with a clock. */
export type ClockTest = (
  title: string,
  body: (store: StorageInterface, clock: MovableClock) => Promise<void>,
) => void

/** A time long ago, which moves when `pass` says so. */
export class MovableClock implements Clock {
  #now = 1_000_000
  readonly #timers = new Set<{ readonly callback: () => void; readonly time: number }>()

  now(): number {
    return this.#now
  }

  setTimer(callback: () => void, delay: number) {
    const timer = { callback, time: this.#now + delay }
    this.#timers.add(timer)
    const handle = { cancel: () => void this.#timers.delete(timer), unref: () => handle }
    return handle
  }

  pass(ms: number): void {
    this.#now += ms
    for (const timer of [...this.#timers]) {
      if (timer.time <= this.#now && this.#timers.delete(timer)) timer.callback()
    }
  }
}

const parts = { tenant: 'demo', resource: 'tickets' }
const all = storagePrefix(parts)
const key = (name: string) => storageKey({ ...parts, name })
const ticket = (name: string) => ({ apiVersion: 'v1', kind: 'Ticket', metadata: { name } })

/** The contract of `clock` of the storage interface. */
export function clockBehaviour(test: ClockTest): void {
  test('is the one that the store was opened with', async (store, clock) => {
    assert.equal(store.clock, clock)
  })

  test('tells readers, lists and watches what has expired', async (store, clock) => {
    await store.create(key('a'), ticket('a'), { ttl: 10 })
    await store.create(key('b'), ticket('b'))
    clock.pass(9_999)
    assert.equal((await store.get(key('a'))).metadata.name, 'a')
    assert.deepEqual(await namesOf(store), ['a', 'b'])
    assert.equal(await firstOf(store), 'ADDED a')
    clock.pass(1)
    await assert.rejects(store.get(key('a')), isNotFound)
    assert.deepEqual(await namesOf(store), ['b'])
    await eventually(async () => (await store.currentRevision()) === 4)
    assert.equal(await firstOf(store), 'ADDED b')
  })

  test('removes what has expired when the time has come, and not before', async (store, clock) => {
    await store.create(key('a'), ticket('a'), { ttl: 10 })
    await store.create(key('b'), ticket('b'), { ttl: 3600 })
    clock.pass(9_000)
    await store.create(key('c'), ticket('c'))
    assert.equal(await store.currentRevision(), 4)
    clock.pass(1_000)
    await eventually(async () => (await store.currentRevision()) === 5)
    const { changes } = await store.changes(all, { resourceVersion: '4' })
    assert.deepEqual(
      changes.map(({ type, object }) => `${type} ${object.metadata.name}`),
      ['DELETED a'],
    )
    clock.pass(3_600_000)
    await eventually(async () => (await store.stats(all)).count === 1)
  })

  test('counts the time to live of an update from then on', async (store, clock) => {
    await store.create(key('a'), ticket('a'), { ttl: 10 })
    clock.pass(8_000)
    await store.guaranteedUpdate(key('a'), (current) => ({ object: current!, ttl: 10 }))
    clock.pass(8_000)
    assert.deepEqual(await namesOf(store), ['a'])
    clock.pass(2_000)
    assert.deepEqual(await namesOf(store), [])
  })
}

async function namesOf(store: StorageInterface): Promise<(string | undefined)[]> {
  return (await store.getList(all)).items.map(({ metadata }) => metadata.name)
}

async function firstOf(store: StorageInterface): Promise<string> {
  for await (const event of store.watch(all)) {
    assert.ok(event.type !== 'ERROR')
    return `${event.type} ${event.object.metadata.name}`
  }
  return 'nothing'
}
