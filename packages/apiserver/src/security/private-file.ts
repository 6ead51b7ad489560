import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Makes a directory that is its owner's alone, or takes from others what they may do in it. */
export function makePrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    restrict(path, 0o700)
  } catch (error) {
    throw failure('make the directory', path, error)
  }
}

/** Makes the directories on the way to a file that are not there. Those that are stay open to whom they are open. */
export function makeParentDirectory(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw failure('make the directory', dirname(file), error)
  }
}

/** The text of a file that is its owner's alone; undefined if there is none. */
export function readPrivateFile(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    restrict(path, 0o600)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw failure('read', path, error)
  }
}

/** Replaces a file in one step. */
export function replacePrivateFile(path: string, text: string): void {
  const temporary = writeBeside(path, text)
  try {
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw failure('write', path, error)
  }
}

/**
 * Makes a file in one step, unless there is one, and returns what it holds now: of processes that do this at once, all
 * get the text of the first.
 */
export function createPrivateFile(path: string, text: string): string {
  const temporary = writeBeside(path, text)
  try {
    linkSync(temporary, path)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw failure('write', path, error)
    return readFileSync(path, 'utf8')
  } finally {
    rmSync(temporary, { force: true })
  }
}

function writeBeside(path: string, text: string): string {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
    return temporary
  } catch (error) {
    rmSync(temporary, { force: true })
    throw failure('write', path, error)
  }
}

/** Directories and files that came from a backup may be readable by others. */
function restrict(path: string, mode: number): void {
  if ((statSync(path).mode & 0o777 & ~mode) !== 0) chmodSync(path, mode)
}

function failure(action: string, path: string, cause: unknown): Error {
  return new Error(`cannot ${action} ${path}: ${(cause as Error).message}`, { cause })
}
