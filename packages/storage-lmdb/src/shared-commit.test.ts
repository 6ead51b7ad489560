import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { LmdbEngine } from '@k1s/storage-lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LockFile } from './lock-file.ts'

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

function goBack(commits: number): void {
  lockFile.writeCommit(lockFile.readCommit() - commits)
}

async function put(key: string, value: string): Promise<void> {
  await engine.write((transaction) => transaction.put(Buffer.from(key), Buffer.from(value)))
}

function get(key: string): string | undefined {
  const bytes = engine.read((reader) => reader.get(Buffer.from(key)))
  return bytes === undefined ? undefined : Buffer.from(bytes).toString()
}
