// Bundles each package for those who import it: `lib/` has one file for each entry that `exports` names, and one for each part
// that is imported when it is needed. A program starts several times as fast from a few files as from hundreds. Types stay in
// `dist/`, where tsc puts them. Packages are not bundled into each other: all who import one have the same copy of it.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))

await Promise.all(readdirSync(packages).map((name) => bundle(`${packages}${name}`)))

async function bundle(directory) {
  const { exports } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'))
  const entries = Object.values(exports).map((entry) => /^\.\/lib\/(.+)\.js$/.exec(entry.default)[1])
  rmSync(`${directory}/lib`, { recursive: true, force: true })
  await build({
    entryPoints: Object.fromEntries(entries.map((entry) => [entry, `${directory}/src/${entry}.ts`])),
    outdir: `${directory}/lib`,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    chunkNames: 'parts/[name]-[hash]',
    sourcemap: 'linked',
    logLevel: 'warning',
  })
}
