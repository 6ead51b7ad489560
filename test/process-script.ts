import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
/** Below node_modules, from where a bundle finds lmdb. */
const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** A program of tests that Node runs. */
export interface ProcessScript {
  readonly path: string
  remove(): void
}

/**
 * Bundles a program of tests with the sources of the packages that it imports: a process of its own cannot be given them as they
 * are, and tests need no build. What they import when they need it is loaded then, as it is of a package.
 */
export async function bundleProcessScript(entry: URL): Promise<ProcessScript> {
  mkdirSync(cache, { recursive: true })
  const directory = mkdtempSync(`${cache}process-script-`)
  const path = `${directory}/program.mjs`
  await build({
    entryPoints: [fileURLToPath(entry)],
    outdir: directory,
    entryNames: 'program',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    external: ['lmdb'],
    plugins: [workspaceSources],
    // What dependencies in CommonJS require of Node.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
  })
  return { path, remove: () => rmSync(directory, { recursive: true }) }
}

const workspaceSources: Plugin = {
  name: 'workspace-sources',
  setup({ onResolve }) {
    onResolve({ filter: /^@k1s\// }, ({ path }) => {
      const [, name, ...entry] = path.split('/')
      return { path: [`${packages}${name}`, 'src', ...entry, 'index.ts'].join('/') }
    })
  },
}
