// Bundles the command line for start-up: CommonJS, since an ES module entry costs Node 6 ms and 3 MiB; one file with
// all that a `get` needs, since every file costs half a millisecond, and one with the rest; and the code caches that
// let V8 run them without compiling. Inside, the code is split at every dynamic import, so that a command evaluates
// only what it runs.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { thirdPartyNotices } from './third-party-notices.mjs'

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
const { outputFiles, metafile } = await build({
  entryPoints: { main: `${packages}k1s/src/cli/main.ts` },
  outdir,
  write: false,
  metafile: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Names are kept, for stack traces: with the code cache their length costs nothing.
  minifyWhitespace: true,
  minifySyntax: true,
  define: { 'import.meta.url': '__importMetaUrl' },
  plugins: [workspaceSources, leanLmdb],
  // It finds its own parser beside itself, and only who has a configuration in TypeScript needs it.
  external: ['jiti'],
  logLevel: 'warning',
})

/** An import of another chunk, as esbuild writes it. */
const chunkImport = /\bimport\(("\.\/[^"]+")\)/g

/**
 * A chunk as a function that is called with what CommonJS modules see, when it is first required. Other chunks are
 * imported as they are: esbuild would make a copy of their exports each time that an import is run.
 */
async function moduleFunction({ path, text }) {
  const { code } = await transform(text.replace(chunkImport, 'importModule($1)'), {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'ascii',
    // A script from the code cache can require, but not import.
    supported: { 'dynamic-import': false },
  })
  return `${JSON.stringify(`./${basename(path)}`)}(exports,module,require,importModule){${escapeNonAscii(code)}}`
}

/** The launcher reads the bundle as latin1. esbuild leaves regular expressions as they are. */
function escapeNonAscii(code) {
  return code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const modules = new Map()
for (const file of outputFiles) modules.set(`./${basename(file.path)}`, await moduleFunction(file))

/** A module loader over the functions of these modules; what is not among them is in the script `rest`. */
function loaderOf(ids) {
  return `const __importMetaUrl='file://'+__filename;
const modules=${objectOf(ids)};
const loaded=new Map();
let rest;
const find=(id)=>modules[id]??(rest??=load('rest').exports)[id];
const loadModule=(id)=>{
  if(!id.startsWith('./'))return require(id);
  let module=loaded.get(id);
  if(module===undefined){
    module={exports:{}};
    loaded.set(id,module);
    find(id)(module.exports,module,loadModule,importModule);
  }
  return module.exports;
};
const importModule=(id)=>Promise.resolve(id).then(loadModule);
module.exports={...loadModule('./main.js'),loadedModules:()=>[...loaded.keys()]};
`
}

function objectOf(ids) {
  return `{__proto__:null,${ids.map((id) => modules.get(id)).join(',\n')}}`
}

function run(...args) {
  const script = fileURLToPath(new URL('./code-cache.cjs', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  return status === 0 ? stdout : undefined
}

// A first bundle of everything tells what a `get` loads. The second one parts that from the rest.
mkdirSync(outdir)
writeFileSync(`${outdir}package.json`, '{"type":"commonjs"}\n')
writeFileSync(`${outdir}THIRD-PARTY-NOTICES`, thirdPartyNotices(Object.keys(metafile.inputs)))
writeFileSync(`${outdir}k1s.cjs`, loaderOf([...modules.keys()]))
const listed = run('list')
if (listed === undefined) {
  // Not a reason to fail an installation: everything works from one file without a cache.
  process.stderr.write('k1s: a get from the bundle failed, so it stays in one file and starts slower\n')
} else {
  const used = new Set(JSON.parse(listed.split('\n').at(-1)))
  const [hot, cold] = [true, false].map((wanted) =>
    [...modules.keys()].filter((id) => used.has(id) === wanted),
  )
  writeFileSync(`${outdir}k1s.cjs`, loaderOf(hot))
  writeFileSync(
    `${outdir}rest.cjs`,
    `const __importMetaUrl='file://'+__filename;\nmodule.exports=${objectOf(cold)};\n`,
  )
  run('cache')
}
