// Bundles each package for those who import it: `lib/` has one file for each entry that `exports` names, and one for each part
// that is imported when it is needed. A program starts several times as fast from a few files as from hundreds. Types stay in
// `dist/`, where tsc puts them. Packages are not bundled into each other: all who import one have the same copy of it.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))

/**
 * Packages whose entries are one file each, with what they import later within: that costs less than the files that it would
 * be split into, nearly all of which a program needs. Their modules import those of Node that are heavy when they need them.
 */
const whole = new Set(['controller-runtime'])

await Promise.all(readdirSync(packages).map((name) => bundle(`${packages}${name}`)))

async function bundle(directory) {
  const { exports } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'))
  const entries = Object.values(exports).map((entry) => /^\.\/lib\/(.+)\.js$/.exec(entry.default)[1])
  rmSync(`${directory}/lib`, { recursive: true, force: true })
  const options = {
    outdir: `${directory}/lib`,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    chunkNames: 'parts/[name]-[hash]',
    sourcemap: 'linked',
    logLevel: 'warning',
  }
  const entryPoints = entries.map((entry) => ({ in: `${directory}/src/${entry}.ts`, out: entry }))
  if (!whole.has(basename(directory))) return build({ ...options, entryPoints, splitting: true })
  const plugins = [entriesOfTheirOwn(directory, entries)]
  await Promise.all(entryPoints.map((entry) => build({ ...options, entryPoints: [entry], plugins })))
}

/** An entry that imports another one does so from its file, of which there is one copy. */
function entriesOfTheirOwn(directory, entries) {
  return {
    name: 'entries-of-their-own',
    setup(build) {
      build.onResolve({ filter: /\/index\.ts$/ }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined
        const entry = relative(`${directory}/src`, `${resolveDir}/${path}`).replace(/\.ts$/, '')
        const from = relative(`${directory}/src`, resolveDir)
        return entries.includes(entry)
          ? {
              path: `${from === '' ? './' : '../'.repeat(from.split('/').length)}${entry}.js`,
              external: true,
            }
          : undefined
      })
    },
  }
}
