import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { ABORT } from 'lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LockFile } from './lock-file.ts'
import { openDatabase, type Store } from './open-database.ts'

let path: string
let store: Store
const expected = new Map<string, Buffer>()
beforeEach(() => {
  path = mkdtempSync(`${tmpdir()}/k1s-free-pages-`)
  store = openDatabase(path, 'relaxed')
})
afterEach(async () => {
  await store.database.close()
  rmSync(path, { recursive: true })
})

test('no page is used twice when a reader begins two commits behind', () => {
  const { database } = store
  for (let round = 0; round < 60; round++) {
    forgetFreePages()
    commit(round * 5)
    const done = beginReading(round < 2 ? 0 : 2)
    for (let number = 1; number < 4; number++) commit(round * 5 + number)
    done()
    commit(round * 5 + 4)
  }
  for (const [key, value] of expected) expect(database.get(Buffer.from(key))).toEqual(value)
})

/** As after a commit of another process. */
function forgetFreePages(): void {
  store.database.transactionSync(() => ABORT)
}

/** While an older commit is shared, by `behind`. Returns what ends it. */
function beginReading(behind: number): () => void {
  const database = store.database as Store['database'] & { useReadTransaction(): { done(): void } }
  const lockFile = new LockFile(`${path}/data.mdb`)
  const newest = lockFile.readCommit()
  lockFile.writeCommit(newest - behind)
  database.resetReadTxn()
  const transaction = database.useReadTransaction()
  lockFile.writeCommit(newest)
  return () => {
    transaction.done()
    database.resetReadTxn()
  }
}

/** Entries of several sizes, so that pages of all kinds become free and are used again. */
function commit(seed: number): void {
  store.database.transactionSync(() => {
    for (let number = 0; number <= seed % 5; number++) {
      const key = `key-${(seed * 7 + number * 13) % 60}`
      const value = Buffer.alloc(((seed * 977 + number * 3000) % 9000) + 1, `${seed}-${number}.`)
      void store.database.put(Buffer.from(key), value)
      expected.set(key, value)
    }
  })
}
