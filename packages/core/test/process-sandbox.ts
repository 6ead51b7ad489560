import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { type Client, createRuntime, type Runtime } from '@k1s/core'
import { openStorage, storagePrefix } from '@k1s/storage'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { bundleProcessScript, type ProcessScript } from '../../../test/process-script.ts'

export interface RunningProcess {
  readonly child: ChildProcess
  /** Resolves with the next line that it tells. */
  next(): Promise<unknown>
  /** How it ended: 0, another code, or a signal. */
  readonly ended: Promise<unknown>
}

/** A directory of its own for each test of the file, and processes of `process.ts` that work on the store in it. */
export interface ProcessSandbox {
  readonly path: string
  start(role: string, argument?: unknown): RunningProcess
  /** Runs a part of the test on the store, and closes it. */
  withRuntime<T>(work: (client: Client, runtime: Runtime) => Promise<T>): Promise<T>
  /** What is left in the store of a tenant: tasks and the number of ConfigMaps. */
  left(): Promise<{ count: number; tasks: string[] }>
}

/** To be called once in a file of tests. */
export function processSandbox(): ProcessSandbox {
  let script: ProcessScript
  let path: string
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    script = await bundleProcessScript(new URL('./process.ts', import.meta.url))
  })
  afterAll(() => script.remove())
  beforeEach(() => {
    path = mkdtempSync(`${tmpdir()}/k1s-core-processes-`)
  })
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL')
    running.clear()
    rmSync(path, { recursive: true })
  })

  return {
    get path() {
      return path
    },
    start(role, argument) {
      const child = spawn(process.execPath, [script.path, role, path, JSON.stringify(argument ?? null)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      running.add(child)
      const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
      return {
        child,
        next: async () => (await lines.next()).value,
        ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal))),
      }
    },
    async withRuntime(work) {
      const runtime = await createRuntime({ storage: { type: 'lmdb', path } })
      try {
        return await work(runtime.client, runtime)
      } finally {
        await runtime.close()
      }
    },
    async left() {
      const storage = await openStorage({ type: 'lmdb', path })
      const { count } = await storage.stats(storagePrefix({ tenant: 'default', resource: 'configmaps' }))
      const tasks = await storage.tasks('default')
      await storage.close()
      return { count, tasks }
    },
  }
}
