import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What went wrong in a project's own code, with file, line and the part of the stack that is its own. */
export class ProjectConfigError extends Error {
  override readonly name = 'ProjectConfigError'
}

/** Says what code of a project threw; `file` is its configuration. */
export function projectConfigError(thrown: unknown, file: string): ProjectConfigError {
  const { message, frames } = partsOf(thrown)
  const place = placeOf(frames[0]) ?? placeOfSyntaxError(thrown, file) ?? file
  const stack = frames.map((frame) => `\n${frame}`).join('')
  const text = message.startsWith(place) ? message : `${place}: ${message}`
  return new ProjectConfigError(`${text}${stack}`, { cause: thrown })
}

/**
 * What controllers threw while they ran: as {@link projectConfigError} says it if code of the project has a part in it, else as it
 * is.
 */
export function runningError(thrown: unknown, file: string): unknown {
  return partsOf(thrown).frames.length > 0 ? projectConfigError(thrown, file) : thrown
}

interface Parts {
  readonly message: string
  /** Lines of the stack in code of the project. */
  readonly frames: readonly string[]
}

function partsOf(thrown: unknown): Parts {
  if (!(thrown instanceof Error)) return { message: `threw ${String(thrown)}`, frames: [] }
  // jiti's parser tells the place in the message.
  const parsed = /^ParseError: (.*?)\s+(\/.*:\d+:\d+)\s*$/s.exec(thrown.message)
  if (parsed !== null) return { message: `${parsed[2]}: ${parsed[1]?.trim()}`, frames: [] }
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^ +at /.test(line) && isOfProject(line))
  const name = thrown.name === 'Error' ? '' : `${thrown.name}: `
  return { message: `${name}${thrown.message.replace(/\nRequire stack:\n[\s\S]*$/, '')}`, frames }
}

/** Whether a line of a stack is not of Node, of k1s, or of what it loads TypeScript with. */
function isOfProject(line: string): boolean {
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
function placeOf(frame: string | undefined): string | undefined {
  return positionOf(frame ?? '')?.join('')
}

/** The path, and `:LINE:COLUMN` in it. Files of Node and of the bundle have none: see `bin/k1s.cjs`. */
function positionOf(frame: string): readonly [file: string, position: string] | undefined {
  const [, url, position = ''] =
    /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*?)(:\d+:\d+)\)?$/.exec(frame) ?? []
  if (url === undefined) return undefined
  // jiti keeps lines where they were, but not columns.
  return url.startsWith('file:') ? [fileURLToPath(url), position] : [url, position.replace(/:\d+$/, '')]
}

/** Node says the place of a syntax error before its stack in TypeScript; in JavaScript it says it to its own `--check`. */
function placeOfSyntaxError(thrown: unknown, file: string): string | undefined {
  if (!(thrown instanceof SyntaxError)) return undefined
  const place = /^(?:file:\/\/)?(\/.*:\d+)$/m
  const [, told] = place.exec(thrown.stack ?? '') ?? []
  if (told !== undefined) return told
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
  return place.exec(stderr)?.[1]
}
