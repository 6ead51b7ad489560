import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Client, createRuntime, type Runtime } from '@k1s/core'
import { openStorage, storagePrefix } from '@k1s/storage'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'

const packages = fileURLToPath(new URL('../../', import.meta.url))

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
  let bundles: string
  let script: string
  let path: string
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    // Below node_modules, from where the bundle finds lmdb.
    const cache = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url))
    mkdirSync(cache, { recursive: true })
    bundles = mkdtempSync(`${cache}core-processes-`)
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
      const child = spawn(process.execPath, [script, role, path, JSON.stringify(argument ?? null)], {
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
