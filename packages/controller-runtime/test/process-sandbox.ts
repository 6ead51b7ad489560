import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { createRuntime, type Runtime } from '@k1s/core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { bundleProcessScript, type ProcessScript } from '../../../test/process-script.ts'
import { Category, Item } from './warehouse.ts'

export interface RunningProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** Resolves when it has opened the store. */
  readonly ready: Promise<unknown>
  /** How it ended: 0, another code, or a signal. */
  readonly ended: Promise<unknown>
  /** Tells a `run` to begin, and the others to stop. */
  tell(): void
}

export interface ProcessOptions {
  /** A file in which reconciles of Items are noted. */
  readonly log?: string
  /** How long each of them takes at least, milliseconds. */
  readonly pause?: number
  /** At which request the process kills itself. */
  readonly kill?: {
    readonly when: 'before' | 'after'
    readonly verb: string
    readonly resource: string
    readonly name: string
  }
}

/** A directory of its own for each test of the file, and processes of `process.ts` that work on the store in it. */
export interface ProcessSandbox {
  readonly path: string
  /** The same store in this process. */
  readonly runtime: Runtime
  start(role: 'run' | 'loop' | 'follow', options?: ProcessOptions): RunningProcess
}

/** To be called once in a file of tests. */
export function processSandbox(): ProcessSandbox {
  let script: ProcessScript
  let path: string
  let runtime: Runtime
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    script = await bundleProcessScript(new URL('./process.ts', import.meta.url))
  })
  afterAll(() => script.remove())
  beforeEach(async () => {
    path = mkdtempSync(`${tmpdir()}/k1s-controller-processes-`)
    runtime = await createRuntime({ storage: { type: 'lmdb', path } })
    runtime.registerAPI(Item, Category)
  })
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL')
    running.clear()
    await runtime.close()
    rmSync(path, { recursive: true })
  })

  return {
    get path() {
      return path
    },
    get runtime() {
      return runtime
    },
    start(role, options = {}) {
      const child = spawn(process.execPath, [script.path, role, path, JSON.stringify(options)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      running.add(child)
      child.stdin.on('error', () => undefined)
      const lines = createInterface({ input: child.stdout })
      return {
        child,
        pid: child.pid!,
        ready: new Promise((resolve) => lines.once('line', resolve)),
        ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal))),
        tell: () => child.stdin.write('\n'),
      }
    },
  }
}
