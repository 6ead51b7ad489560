import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Whether a line of a stack is not of Node, of k1s, or of what it loads TypeScript with. */
export function isOfProject(line: string): boolean {
  const [file] = positionOf(line) ?? []
  return file !== undefined && !/[\\/]node_modules[\\/]jiti[\\/]/.test(file) && !isOfOwnPackage(file)
}

/** Of the command line, or of the project's copies of the packages that make it up. */
function isOfOwnPackage(file: string): boolean {
  for (let at = dirname(file); ; at = dirname(at)) {
    const name = packageName(at)
    if (name !== undefined) return ownPackages.test(name)
    if (dirname(at) === at) return false
  }
}

const ownPackages =
  /^(?:k1s|@k1s\/(?:apimachinery|apiserver|cli-runtime|controller-runtime|core|storage|storage-lmdb|testing))$/

/** Undefined where no package is: directories within one may have a `package.json` that only says how modules are read. */
function packageName(directory: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name?: unknown }
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}

/** `FILE:LINE:COLUMN` of a line of a stack; without the column where it is that of compiled code. */
export function placeOf(frame: string | undefined): string | undefined {
  return positionOf(frame ?? '')?.join('')
}

/** The path, and `:LINE:COLUMN` in it. Files of Node and of the bundle have none: see `bin/k1s.cjs`. */
function positionOf(frame: string): readonly [file: string, position: string] | undefined {
  const [, url, position = ''] =
    /^ +at (?:[^(]*\(|async )?((?:file:\/\/)?\/.*)(:\d+:\d+)\)?$/.exec(frame) ?? []
  if (url === undefined) return undefined
  // jiti keeps lines where they were, but not columns.
  return url.startsWith('file:') ? [fileURLToPath(url), position] : [url, position.replace(/:\d+$/, '')]
}
