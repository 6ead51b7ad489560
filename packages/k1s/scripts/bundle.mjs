// Bundles the command line for start-up: one CommonJS file (an ES module entry costs Node 6 ms and 3 MiB, every
// further file half a millisecond) in which what is imported dynamically is evaluated only when it is asked for,
// and the code cache that lets V8 run it without compiling.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

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
  entryPoints: { k1s: `${packages}k1s/src/cli/main.ts` },
  outdir,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // A script from the code cache can require, but not import.
  supported: { 'dynamic-import': false },
  // Names are kept, for stack traces: with the code cache their length costs nothing.
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: `const __importMetaUrl='file://'+__filename;` },
  plugins: [workspaceSources, leanLmdb],
  logLevel: 'warning',
})
writeFileSync(`${outdir}package.json`, '{"type":"commonjs"}\n')

// The launcher reads the bundle as latin1.
const firstForeign = readFileSync(`${outdir}k1s.cjs`).findIndex((byte) => byte > 0x7f)
if (firstForeign >= 0) throw new Error(`bundle/k1s.cjs is not ASCII at byte ${firstForeign}`)

const cache = spawnSync(process.execPath, [fileURLToPath(new URL('./code-cache.cjs', import.meta.url))], {
  stdio: ['ignore', 'ignore', 'inherit'],
})
if (cache.status !== 0) throw new Error('the code cache could not be made')
