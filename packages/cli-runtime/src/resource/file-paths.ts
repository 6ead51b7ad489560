import { type Dirent, readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { expandPattern } from './file-pattern.ts'

/** What counts as a manifest in a directory, unless a command reads more than kubectl does. */
export const fileExtensions: readonly string[] = ['.json', '.yaml', '.yml']

export interface ExpandedPath {
  readonly files: readonly string[]
  /** True for one file that was named as such. */
  readonly single: boolean
}

/**
 * The files that a `-f` argument names: a file, the manifests of a directory in the order of their names, or what
 * matches a pattern.
 *
 * @throws Error with kubectl's text if there is no such path, or no manifest in it.
 */
export function expandPath(path: string, recursive: boolean, extensions = fileExtensions): ExpandedPath {
  const matches = exists(path) ? [path] : expandPattern(path)
  if (matches.length === 0) throw new Error(`the path ${JSON.stringify(path)} does not exist`)
  const files = matches.flatMap((match) => filesAt(match, recursive, extensions))
  if (files.length === 0) {
    throw new Error(
      `error reading [${matches.join(' ')}]: recognized file extensions are [${extensions.join(' ')}]`,
    )
  }
  return { files, single: matches.length === 1 && files.length === 1 }
}

function filesAt(path: string, recursive: boolean, extensions: readonly string[]): string[] {
  return statSync(path).isDirectory() ? filesBelow(path, recursive, extensions) : [path]
}

function filesBelow(directory: string, recursive: boolean, extensions: readonly string[]): string[] {
  return readDirectory(directory).flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return recursive ? filesBelow(path, true, extensions) : []
    return extensions.includes(extname(entry.name)) ? [path] : []
  })
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw new Error(`error reading ${JSON.stringify(directory)}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function exists(path: string): boolean {
  try {
    statSync(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw new Error(`the path ${JSON.stringify(path)} cannot be accessed: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
