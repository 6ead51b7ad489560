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
    `unknown storage type ${JSON.stringify(type)}: must be one of memory, lmdb, bolt, level, pebble, badger, etcd`,
  )
})

test('a backend whose package is missing says how to install it', async () => {
  await expect(openStorage({ type: 'etcd' })).rejects.toThrow(
    'storage type "etcd" needs the package @k1s/storage-etcd, which is not installed: run npm install @k1s/storage-etcd',
  )
})
