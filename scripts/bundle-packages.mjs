// Bundles each package for those who import it: `lib/` has a file for each entry that `exports` names, one for what `index`
// needs at once, and one for each part that is imported when it is needed. A program starts several times as fast from a few
// files as from hundreds: each costs Node about a millisecond. Types stay in `dist/`, where tsc puts them. Packages are not
// bundled into each other: all who import one have the same copy of it.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))

await Promise.all(readdirSync(packages).map((name) => bundle(`${packages}${name}`)))

async function bundle(directory) {
  const { exports } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'))
  const entries = Object.values(exports).map((entry) => /^\.\/lib\/(.+)\.js$/.exec(entry.default)[1])
  rmSync(`${directory}/lib`, { recursive: true, force: true })
  const neededAtOnce = new Set([`${directory}/src/index.ts`])
  await build({
    input: Object.fromEntries(entries.map((entry) => [entry, `${directory}/src/${entry}.ts`])),
    external: /^[^./]/,
    platform: 'node',
    transform: { target: 'node20.19' },
    preserveEntrySignatures: 'strict',
    plugins: [staticImports(neededAtOnce)],
    output: {
      dir: `${directory}/lib`,
      chunkFileNames: 'parts/[name]-[hash].js',
      codeSplitting: { groups: [{ name: 'index', test: (id) => neededAtOnce.has(id) }] },
      comments: false,
      sourcemap: true,
    },
    // What one part imports when it is needed may be what another one needs at once.
    checks: { ineffectiveDynamicImport: false },
    logLevel: 'warn',
  })
}

/** Adds to a set of modules those that they import statically, and so on. */
function staticImports(modules) {
  return {
    name: 'static-imports',
    buildEnd() {
      for (const id of modules) {
        for (const imported of this.getModuleInfo(id)?.importedIds ?? []) modules.add(imported)
      }
    },
  }
}
