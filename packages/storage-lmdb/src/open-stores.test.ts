import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LmdbEngine } from './lmdb-engine.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'k1s-open-stores-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

async function anotherCopy(): Promise<typeof LmdbEngine> {
  vi.resetModules()
  return (await import('./lmdb-engine.ts')).LmdbEngine
}

it('a store that is open is refused to another copy of the package, until it is closed', async () => {
  const engine = new LmdbEngine({ path })
  const Another = await anotherCopy()
  expect(() => new Another({ path })).toThrow(
    `the store at ${path} is open in this process already, by another copy of @k1s/storage-lmdb`,
  )
  await engine.close()
  await new Another({ path }).close()
})

it('a store may be opened several times by one copy', async () => {
  const engines = [new LmdbEngine({ path }), new LmdbEngine({ path })]
  await engines[0]!.close()
  const Another = await anotherCopy()
  expect(() => new Another({ path })).toThrow('is open in this process already')
  await engines[1]!.close()
})
