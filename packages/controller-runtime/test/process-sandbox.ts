import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRuntime, type Runtime } from '@k1s/core'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { Category, Item } from './warehouse.ts'

const packages = fileURLToPath(new URL('../../', import.meta.url))

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
  let bundles: string
  let script: string
  let path: string
  let runtime: Runtime
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    // Below node_modules, from where the bundle finds lmdb.
    const cache = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url))
    mkdirSync(cache, { recursive: true })
    bundles = mkdtempSync(`${cache}controller-processes-`)
    script = `${bundles}/process.mjs`
    await build({
      entryPoints: [fileURLToPath(new URL('./process.ts', import.meta.url))],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['lmdb'],
      alias: sources(),
    })
  })
  afterAll(() => rmSync(bundles, { recursive: true }))
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
      const child = spawn(process.execPath, [script, role, path, JSON.stringify(options)], {
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

/** The sources of packages and of their entry points below the first, by what they are imported as. */
function sources(): { [specifier: string]: string } {
  const names = ['apimachinery', 'storage', 'storage-lmdb', 'core']
  const entries = names.flatMap((name) => {
    const source = `${packages}${name}/src/`
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    return [
      ...folders.map((folder) => [`@k1s/${name}/${folder.name}`, `${source}${folder.name}/index.ts`]),
      [`@k1s/${name}`, `${source}index.ts`],
    ]
  })
  return Object.fromEntries(entries)
}
