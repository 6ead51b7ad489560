import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { LmdbEngine } from '@k1s/storage-lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LockFile } from './lock-file.ts'
import { SharedCommit, shareNewest } from './shared-commit.ts'

let path: string
let engine: LmdbEngine
let lockFile: LockFile
beforeEach(async () => {
  path = mkdtempSync(`${tmpdir()}/k1s-commit-`)
  engine = new LmdbEngine({ path })
  lockFile = new LockFile(`${path}/data.mdb`)
  for (const value of ['1', '2', '3', '4', '5']) await put('key', value)
})
afterEach(async () => {
  await engine.close()
  rmSync(path, { recursive: true })
})

test('the lock file has the number of the newest commit', async () => {
  const before = lockFile.readCommit()
  await put('key', '6')
  expect(lockFile.readCommit()).toBe(before + 1)
})

test.each([1, 2, 3])(
  'a process reads what it wrote when another one shares a commit that is older by %i',
  (commits) => {
    goBack(commits)
    expect(get('key')).toBe('5')
  },
)

test.each([1, 2, 3])(
  'no commit is lost to writes when a process shares one that is older by %i',
  async (commits) => {
    goBack(commits)
    await put('other', 'new')
    expect([get('key'), get('other')]).toEqual(['5', 'new'])
    expect(lockFile.readCommit()).toBe(6)
  },
)

test.each([2, 3])('nobody reads a commit that is older by %i than the newest', async (commits) => {
  await using other = new LmdbEngine({ path })
  goBack(commits)
  expect(get('key', other)).toBe('5')
  expect(lockFile.readCommit()).toBe(5)
})

test('a process that opens the store leaves the newest commit shared', async () => {
  goBack(3)
  await new LmdbEngine({ path }).close()
  expect(lockFile.readCommit()).toBe(5)
})

test('what a process wrote is read when it hears of an earlier write of its own later', () => {
  const shared = new SharedCommit(lockFile, databaseIn({ transaction: 0, newest: 5 }))
  shared.committed(5)
  shared.committed(4)
  goBack(1)
  shared.beforeRead()
  expect(lockFile.readCommit()).toBe(5)
})

test('a commit that is being flushed is not shared before, by those who read', () => {
  const shared = new SharedCommit(lockFile, databaseIn({ transaction: 0, newest: 6 }))
  shared.beforeRead()
  expect(lockFile.readCommit()).toBe(5)
})

test('a commit that others make while an older one is shared is shared after it', () => {
  const newest = [5, 6, 6]
  goBack(2)
  expect(shareNewest(lockFile, { info: () => ({ lastTxnId: newest.shift()! }) })).toBe(6)
  expect(lockFile.readCommit()).toBe(6)
})

test('a transaction that LMDB could not begin is an error, and not begun again for ever', () => {
  const shared = new SharedCommit(lockFile, databaseIn({ transaction: 0, newest: 5 }))
  expect(() => shared.beforeWrite()).toThrow('LMDB began no transaction')
})

test('writes that wait for each other are all done once when a process shares an older commit', async () => {
  let runs = 0
  goBack(1)
  await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      engine.write((transaction) => {
        runs++
        transaction.put(Buffer.from(`key-${index}`), Buffer.from('new'))
      }),
    ),
  )
  expect(runs).toBe(10)
  expect(get('key')).toBe('5')
  expect(get('key-9')).toBe('new')
})

function databaseIn({ transaction, newest }: { transaction: number; newest: number }) {
  const env = { getWriteTxnId: () => transaction, info: () => ({ lastTxnId: newest }) }
  return { env } as unknown as ConstructorParameters<typeof SharedCommit>[1]
}

function goBack(commits: number): void {
  lockFile.writeCommit(lockFile.readCommit() - commits)
}

async function put(key: string, value: string): Promise<void> {
  await engine.write((transaction) => transaction.put(Buffer.from(key), Buffer.from(value)))
}

function get(key: string, from = engine): string | undefined {
  const bytes = from.read((reader) => reader.get(Buffer.from(key)))
  return bytes === undefined ? undefined : Buffer.from(bytes).toString()
}
