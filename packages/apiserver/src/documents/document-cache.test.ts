import type { Transport } from '@k1s/core'
import { expect, test } from 'vitest'
import { Document } from './document.ts'
import { DocumentCache } from './document-cache.ts'

function cacheOf(version: { [tenant: string]: string }, capacity?: number): DocumentCache {
  const transport: Partial<Transport> = { discoveryVersion: async (tenant) => version[tenant] ?? '' }
  return new DocumentCache(transport as Transport, capacity)
}

/** Makes documents of a size and counts them. */
function maker(size = 1) {
  const made = { count: 0, make: async () => new Document(`${made.count++}`.padEnd(size)) }
  return made
}

test('a document is made once, however many ask for it at the same time', async () => {
  const cache = cacheOf({})
  const made = maker()
  const [one, two] = await Promise.all([cache.get('a', 'x', made.make), cache.get('a', 'x', made.make)])
  expect(one).toBe(two)
  await cache.get('a', 'y', made.make)
  await cache.get('b', 'x', made.make)
  expect(made.count).toBe(3)
})

test('a document is made again when what is served has changed, for that tenant', async () => {
  const version = { a: '1', b: '1' }
  const cache = cacheOf(version)
  const made = maker()
  await cache.get('a', 'x', made.make)
  await cache.get('b', 'x', made.make)
  version.a = '2'
  await cache.get('a', 'x', made.make)
  await cache.get('b', 'x', made.make)
  expect(made.count).toBe(3)
})

test('documents of the tenants that were not asked for longest make room', async () => {
  const cache = cacheOf({}, 250_000)
  const made = maker(100_000)
  await cache.get('a', 'x', made.make)
  await cache.get('b', 'x', made.make)
  await cache.get('a', 'x', made.make)
  await cache.get('c', 'x', made.make)
  expect(made.count).toBe(3)
  await cache.get('a', 'x', made.make)
  await cache.get('c', 'x', made.make)
  expect(made.count).toBe(3)
  await cache.get('b', 'x', made.make)
  expect(made.count).toBe(4)
})

test('tenants of which there is nothing take no room for ever', async () => {
  const cache = cacheOf({}, 100_000)
  const made = maker()
  await cache.get('first', 'x', made.make)
  for (let i = 0; i < 100; i++) {
    await cache.get(`tenant-${i}`, 'x', () => Promise.reject(new Error('nothing'))).catch(() => {})
  }
  await cache.get('first', 'x', made.make)
  expect(made.count).toBe(2)
})

test('nothing is kept of a transport that does not tell whether it is still true', async () => {
  const cache = new DocumentCache({} as Transport)
  const made = maker()
  await cache.get('a', 'x', made.make)
  await cache.get('a', 'x', made.make)
  expect(made.count).toBe(2)
})
