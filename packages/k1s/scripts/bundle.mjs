// Bundles the command line for start-up: CommonJS chunks (an ES module entry costs Node 6 ms and 3 MiB), split
// at every dynamic import, so that a command reads from disk only what it runs.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'

const packages = fileURLToPath(new URL('../../', import.meta.url))
const outdir = fileURLToPath(new URL('../bundle/', import.meta.url))

/** Workspace packages are bundled from their sources, through the entries that their `exports` name. */
const workspaceSources = {
  name: 'workspace-sources',
  setup(build) {
    const names = new Set(readdirSync(packages))
    build.onResolve({ filter: /^(@k1s\/|k1s($|\/))/ }, ({ path }) => {
      const [name, ...entry] = path.replace(/^@k1s\//, '').split('/')
      if (!names.has(name)) return undefined
      return { path: `${packages}${name}/src/${[...entry, 'index.ts'].join('/')}`, sideEffects: false }
    })
  },
}

/**
 * lmdb encodes values and keys by itself unless it is told not to. We store bytes under byte keys, so the
 * encoders are left out, and the native binding is found without the search that a build from source needs.
 */
const leanLmdb = {
  name: 'lean-lmdb',
  setup(build) {
    build.onResolve({ filter: /^(msgpackr|weak-lru-cache|ordered-binary)$/ }, ({ path, importer }) =>
      importer.includes('/node_modules/lmdb/') ? { path, namespace: 'unused-by-k1s' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'unused-by-k1s' }, ({ path }) => ({
      contents: `
        const unused = () => { throw new Error('${path} is not part of the k1s bundle') }
        export { unused as Encoder, unused as WeakLRUCache, unused as toBufferKey, unused as compareKeys }
        export { unused as fromBufferKey, unused as writeKey, unused as readKey }
        export const enableNullTermination = () => {}`,
    }))
    build.onResolve({ filter: /^node-gyp-build-optional-packages$/ }, () => ({
      path: fileURLToPath(new URL('./lmdb-binding.cjs', import.meta.url)),
    }))
  },
}

rmSync(outdir, { recursive: true, force: true })
await build({
  entryPoints: { main: `${packages}k1s/src/cli/main.ts` },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  keepNames: true,
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': '__importMetaUrl' },
  plugins: [workspaceSources, leanLmdb],
  logLevel: 'warning',
})

for (const file of readdirSync(outdir)) {
  const { code } = await transform(readFileSync(outdir + file, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    keepNames: true,
    supported: { 'dynamic-import': false },
    banner: `const __importMetaUrl='file://'+__filename;`,
  })
  writeFileSync(outdir + file, code)
}
writeFileSync(`${outdir}package.json`, '{"type":"commonjs"}\n')
