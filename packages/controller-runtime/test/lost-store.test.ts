import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isServiceUnavailable } from '@k1s/apimachinery'
import { type Manager, newControllerManagedBy, newLogger, newManager } from '@k1s/controller-runtime'
import { createRuntime, type Runtime } from '@k1s/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Item } from './warehouse.ts'

let path: string
let runtime: Runtime
let manager: Manager
let reconciles = 0
beforeEach(async () => {
  path = mkdtempSync(`${tmpdir()}/k1s-lost-store-`)
  runtime = await createRuntime({ storage: { type: 'lmdb', path } })
  runtime.registerAPI(Item)
  reconciles = 0
  manager = newManager(runtime, { logger: newLogger({ write: () => undefined }) })
  newControllerManagedBy(manager)
    .for(Item)
    .complete(() => {
      reconciles++
      return { requeueAfter: '1h' }
    })
  await runtime.client.create({
    apiVersion: 'warehouse.example.com/v1',
    kind: 'Item',
    metadata: { name: 'a', namespace: 'default' },
    spec: { category: 'x', quantity: 1 },
  })
})
afterEach(async () => {
  await runtime.close()
  rmSync(path, { recursive: true, force: true })
})

/** What it fails with once the store has gone, which is while a reconcile has been. */
async function failureOf(running: Promise<unknown>): Promise<unknown> {
  const failed = running.then(
    () => 'ended',
    (error: unknown) => error,
  )
  await vi.waitUntil(() => reconciles > 0, { timeout: 10_000 })
  rmSync(path, { recursive: true })
  return failed
}

describe('when the store is taken away', () => {
  it('a running manager ends with an error that says so', async () => {
    const error = await failureOf(manager.start(new AbortController().signal))
    expect(isServiceUnavailable(error)).toBe(true)
    expect(error).toMatchObject({ message: `the store at ${path} was removed while it was open` })
  })

  it('a run that waits ends with it too', async () => {
    expect(await failureOf(manager.runOnce({ untilIdle: true }))).toMatchObject({
      message: `the store at ${path} was removed while it was open`,
    })
  })

  it('a run does not begin, also if there is another store in its place', async () => {
    await manager.runOnce()
    rmSync(path, { recursive: true })
    const other = await createRuntime({ storage: { type: 'lmdb', path } })
    try {
      await expect(manager.runOnce()).rejects.toThrow(
        `the store at ${path} was replaced by another one while it was open`,
      )
    } finally {
      await other.close()
    }
  })
})
