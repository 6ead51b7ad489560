import { type Engine, MemoryEngine, MvccStore, storageKey, storagePrefix } from '@k1s/storage'
import { expect, test } from 'vitest'

const prefix = storagePrefix({ tenant: 'demo', resource: 'events' })
const key = (name: string) => storageKey({ tenant: 'demo', resource: 'events', name })
const event = (name: string) => ({ apiVersion: 'v1', kind: 'Event', metadata: { name } })

async function write(store: MvccStore, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await store.guaranteedUpdate(key('a'), () => ({ object: { ...event('a'), index } }), {
      ignoreNotFound: true,
    })
  }
}

function logLength(engine: Engine): number {
  return engine.read((reader) => [...reader.range({ gte: Buffer.from([3]), lt: Buffer.from([4]) })].length)
}

test('history beyond the number of revisions is dropped once it is old enough', async () => {
  const engine = new MemoryEngine()
  await using store = new MvccStore(engine, { retention: { revisions: 100, age: 0 } })
  await write(store, 1000)
  expect(await store.compactRevision()).toBeGreaterThan(850)
  expect(logLength(engine)).toBeGreaterThanOrEqual(100)
  expect(logLength(engine)).toBeLessThan(150)
})

test('history that is young enough is kept, however long it is', async () => {
  await using store = new MvccStore(new MemoryEngine(), { retention: { revisions: 10, age: 60_000 } })
  await write(store, 500)
  expect(await store.compactRevision()).toBe(0)
})

test('a store that was left with too much history is compacted in steps', async () => {
  const engine = new MemoryEngine()
  await write(new MvccStore(engine), 2000)
  const store = new MvccStore(engine, { retention: { revisions: 100, age: 0 } })
  await write(store, 1)
  expect(logLength(engine)).toBeGreaterThan(1500)
  await write(store, 50)
  expect(logLength(engine)).toBeLessThan(150)
})

test('what others left to expire is hidden from readers, who write nothing, and removed by the next writer', async () => {
  const engine = new MemoryEngine()
  const keepOpen = Object.assign(Object.create(engine), {
    read: engine.read.bind(engine),
    write: engine.write.bind(engine),
    onCommit: engine.onCommit.bind(engine),
    close: async () => {},
  })
  const gone = new MvccStore(keepOpen)
  await gone.create(key('a'), event('a'), { ttl: 0.01 })
  await gone.close()
  await new Promise((resolve) => setTimeout(resolve, 30))
  const store = new MvccStore(engine)
  expect((await store.getList(prefix)).items).toEqual([])
  expect((await store.stats(prefix)).count).toBe(1)
  expect(await store.currentRevision()).toBe(2)
  await store.create(key('b'), event('b'))
  expect((await store.stats(prefix)).count).toBe(1)
  expect(await store.currentRevision()).toBe(4)
})
