import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { baseDirectory } from '@k1s/cli-runtime'

/** The default export of a module in JavaScript or TypeScript. Throws what the module throws. */
export async function importDefault(file: string): Promise<unknown> {
  const module = await importModule(file)
  const exported = defaultOf(module)
  // Of a CommonJS module the whole is the default, also where a compiler has made a default within.
  return isModuleObject(exported) ? defaultOf(exported) : exported
}

async function importModule(file: string): Promise<unknown> {
  if (!isTypeScript(file)) return importByNode(file)
  if (!nodeReadsTypeScript()) return importByJiti(file)
  try {
    return await importByNode(file)
  } catch (error) {
    // Enums and such, which Node cannot just leave out. Nothing of the file has run yet.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error
    return importByJiti(file)
  }
}

function isTypeScript(file: string): boolean {
  return /\.[cm]?ts$/.test(file)
}

/** Since Node 22.18 and 23.6. */
function nodeReadsTypeScript(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript)
}

function importByNode(file: string): Promise<unknown> {
  const load = createRequire(import.meta.url)('../bin/import-module.cjs') as (
    url: string,
    cacheDirectory: string,
  ) => Promise<unknown>
  return load(pathToFileURL(file).href, cacheDirectory('modules'))
}

async function importByJiti(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  // Where a link leads to, as Node does it: packages are looked for from there.
  const target = realpathSync(file)
  return createJiti(target, { fsCache: cacheDirectory('jiti'), interopDefault: false }).import(target)
}

/** Not the places of jiti and Node, which may be in a directory that others can write to. */
function cacheDirectory(name: string): string {
  return join(baseDirectory(process.env.XDG_CACHE_HOME, '.cache', process.env), 'k1s', name)
}

function isModuleObject(value: unknown): value is { default: unknown } {
  return typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value
}

function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}
