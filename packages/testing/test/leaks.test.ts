import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { itemDefinition } from './inventory.ts'

const packages = fileURLToPath(new URL('../../', import.meta.url))

/** A process of its own cannot be given the sources as they are. */
const workspaceSources: Plugin = {
  name: 'workspace-sources',
  setup({ onResolve }) {
    onResolve({ filter: /^@k1s\// }, ({ path }) => {
      const [, name, ...entry] = path.split('/')
      if (name === 'storage-lmdb') return { external: true }
      return { path: join(packages, name!, 'src', ...entry, 'index.ts') }
    })
  },
}

let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'k1s-leaks-'))
  await build({
    entryPoints: [fileURLToPath(new URL('many-environments.ts', import.meta.url))],
    outfile: join(directory, 'program.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    plugins: [workspaceSources],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  })
})
afterAll(() => rmSync(directory, { recursive: true }))

test('a thousand environments, with watches and requests that nobody ends, leave no memory, timer or handle', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    join(directory, 'program.mjs'),
    itemDefinition,
  ])
  const { grown, resources } = JSON.parse(stdout)
  // A thousand environments that stay would be some 30 MiB; code that V8 compiles meanwhile is some 3 MiB.
  expect(grown).toBeLessThan(8 * 2 ** 20)
  expect(resources.filter((type: string) => !type.endsWith('Wrap'))).toEqual([])
})
