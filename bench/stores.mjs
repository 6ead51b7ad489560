import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRuntime } from '@k1s/core'
import { MemoryEngine, MvccStore } from '@k1s/storage'
import { Item } from './item.mjs'

/** Where the stores under measurement are: set K1S_BENCH_DIR to measure another disk. */
export const benchDirectory = process.env.K1S_BENCH_DIR ?? tmpdir()

/** Calls `body` with a new directory, which is removed afterwards. */
export async function inTemporaryDirectory(body) {
  const directory = await mkdtemp(join(benchDirectory, 'k1s-bench-'))
  try {
    return await body(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** An engine by name: `memory`, or `lmdb` in a directory. */
export async function openEngine(type, path) {
  if (type === 'memory') return new MemoryEngine()
  const { LmdbEngine } = await import('@k1s/storage-lmdb')
  return new LmdbEngine({ path })
}

/** A runtime with the kind Item on an engine, which it closes. */
export async function openRuntime(engine) {
  const runtime = await createRuntime({ storage: new MvccStore(engine) })
  runtime.registerAPI(Item)
  return runtime
}
