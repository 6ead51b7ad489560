import { isBadRequest } from '@k1s/apimachinery'
import { MemoryEngine, MvccStore, openStorage } from '@k1s/storage'
import { expect, test } from 'vitest'

test('memory needs no backend', async () => {
  await using store = await openStorage({ type: 'memory' })
  expect(await store.currentRevision()).toBe(1)
})

test('the names of other engines select the backend that stands in for them', async () => {
  const loaded: string[] = []
  const backend = (name: string) => async () => {
    loaded.push(name)
    return { openBackend: async () => new MvccStore(new MemoryEngine()) }
  }
  const backends = { lmdb: backend('lmdb'), level: backend('level'), etcd: backend('etcd') }
  for (const type of [undefined, 'lmdb', 'bolt', 'level', 'pebble', 'badger', 'etcd']) {
    await (await openStorage({ type }, backends)).close()
  }
  expect(loaded).toEqual(['lmdb', 'lmdb', 'lmdb', 'level', 'level', 'level', 'etcd'])
})

test.each(['sqlite', 'toString', ''])('an unknown type %j is refused with those there are', async (type) => {
  const error = await openStorage({ type }).then(undefined, (error: unknown) => error)
  expect(isBadRequest(error)).toBe(true)
  expect(String(error)).toContain(
    `unknown storage type ${JSON.stringify(type)}: must be one of memory, lmdb, bolt`,
  )
})

test.each(['level', 'pebble', 'badger', 'etcd'])(
  'type %j, which has no backend in this version, is refused with those that do',
  async (type) => {
    const error = await openStorage({ type }).then(undefined, (error: unknown) => error)
    expect(isBadRequest(error)).toBe(true)
    expect(String(error)).toContain(
      `storage type "${type}" is not part of this version of k1s: must be one of memory, lmdb, bolt`,
    )
  },
)
