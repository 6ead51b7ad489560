import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EngineReader, TransactionBuffer } from '@k1s/storage'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openDatabase, type Store } from './open-database.ts'
import { reserveSpace } from './reserve-space.ts'

const nothing: EngineReader = { get: () => undefined, range: () => [] }
const keyOf = (number: number, length = 4) => Buffer.from(String(number).padStart(4, '0').padEnd(length, 'x'))

interface Commit {
  /** One of so many entries gets a neighbour, whose key and value have these lengths in bytes. Without a size, one is removed. */
  readonly step: number
  readonly keyLength: number
  readonly size: number | undefined
}

/** Commits to a database with `count` entries of `size` bytes, in pages without room, and how much each used of what was reserved. */
async function usage(count: number, size: number, commits: readonly Commit[]) {
  const path = mkdtempSync(join(tmpdir(), 'k1s-reserve-'))
  const store = openDatabase(path, 'relaxed')
  const { database } = store
  try {
    database.transactionSync(() => {
      for (let number = 0; number < count; number++) database.put(keyOf(number), Buffer.alloc(size))
    })
    return commits.map(({ step, keyLength, size }) => {
      const changes = new TransactionBuffer(nothing)
      for (let number = 0; number <= count; number += step) {
        const key = keyOf(number, keyLength)
        if (size === undefined) changes.delete(key)
        else changes.put(key, Buffer.alloc(size))
      }
      return { reserved: reserveAndCommit(store, changes), used: usedBytes(store) }
    })
  } finally {
    await database.close()
    rmSync(path, { recursive: true })
  }
}

function reserveAndCommit(store: Store, changes: TransactionBuffer): number {
  const { database, path } = store
  return database.transactionSync(() => {
    reserveSpace(store, changes)
    for (const { key, value } of changes.changes()) {
      if (value === undefined) database.remove(key)
      else database.put(key, value)
    }
    return statSync(`${path}/data.mdb`).size
  })
}

function usedBytes({ database }: Store): number {
  const { lastPageNumber, pageSize } = database.getStats() as { lastPageNumber: number; pageSize: number }
  return (lastPageNumber + 1) * pageSize
}

it('a commit that splits every page has its room', async () => {
  for (const { reserved, used } of await usage(2000, 100, [{ step: 3, keyLength: 5, size: 2 }])) {
    expect(used).toBeLessThanOrEqual(reserved)
  }
})

it('a commit that removes or replaces large values has the room for the list of their pages', async () => {
  for (const size of [undefined, 0]) {
    for (const { reserved, used } of await usage(100, 1 << 20, [{ step: 1, keyLength: 4, size }])) {
      expect(used).toBeLessThanOrEqual(reserved)
    }
  }
})

it('holes in the file have to fit on the disk beside what a commit adds', async () => {
  const path = mkdtempSync(join(tmpdir(), 'k1s-reserve-'))
  const store = openDatabase(path, 'relaxed')
  const file = `${path}/data.mdb`
  const kibibytes = (count: number) => count * 1024
  try {
    truncateSync(file, statSync(file).size + kibibytes(320))
    const changes = new TransactionBuffer(nothing)
    changes.put(keyOf(0), Buffer.alloc(kibibytes(640)))
    const size = () => statSync(file).size
    const capacity = size() + kibibytes(640)
    const free = () => capacity - size()
    expect(() => store.database.transactionSync(() => reserveSpace(store, changes, free))).toThrow(
      'no space left',
    )
  } finally {
    await store.database.close()
    rmSync(path, { recursive: true })
  }
})

it('commits of all shapes have their room', async () => {
  const commit = fc.record({
    step: fc.integer({ min: 1, max: 50 }),
    keyLength: fc.integer({ min: 4, max: 400 }),
    size: fc.oneof(fc.nat(300), fc.nat(3000), fc.nat(20_000), fc.constant(undefined)),
  })
  const commits = fc.array(commit, { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(fc.nat(1000), fc.nat(2500), commits, async (count, size, commits) => {
      for (const { reserved, used } of await usage(count, size, commits)) {
        expect(used).toBeLessThanOrEqual(reserved)
      }
    }),
    { numRuns: 30 },
  )
})
