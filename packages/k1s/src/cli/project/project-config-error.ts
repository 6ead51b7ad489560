import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What went wrong in a project's own code, with file, line and the part of the stack that is its own. */
export class ProjectConfigError extends Error {
  override readonly name = 'ProjectConfigError'
}

/** Where those files of the program are that have a path in stacks. */
const ownDirectory = fileURLToPath(new URL('..', import.meta.url))
/** The name of a file of the bundle in stacks, which is not a path: see `bin/k1s.cjs`. */
const bundledFrame = /(?:\(|at (?:async )?)k1s\/bundle\//

/** Says what code of a project threw; `file` is its configuration. */
export function projectConfigError(thrown: unknown, file: string): ProjectConfigError {
  const { message, frames } = partsOf(thrown)
  const place = placeOf(frames[0]) ?? placeOfSyntaxError(thrown, file) ?? file
  const stack = frames.map((frame) => `\n${frame}`).join('')
  const text = message.startsWith(place) ? message : `${place}: ${message}`
  return new ProjectConfigError(`${text}${stack}`, { cause: thrown })
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
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^ +at /.test(line) && !isOurs(line))
  const name = thrown.name === 'Error' ? '' : `${thrown.name}: `
  return { message: `${name}${thrown.message.replace(/\nRequire stack:\n[\s\S]*$/, '')}`, frames }
}

/** Whether a line of a stack is of Node, of this program or of what it loads TypeScript with. */
function isOurs(line: string): boolean {
  return (
    /\bnode:|<anonymous>\)?$|[\\/]node_modules[\\/]jiti[\\/]/.test(line) ||
    line.includes(ownDirectory) ||
    bundledFrame.test(line)
  )
}

/** `FILE:LINE:COLUMN` of a line of a stack; without the column where it is that of compiled code. */
function placeOf(frame: string | undefined): string | undefined {
  const [, url, position] =
    /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*?)(:\d+:\d+)\)?$/.exec(frame ?? '') ?? []
  if (url === undefined) return undefined
  // jiti keeps lines where they were, but not columns.
  return url.startsWith('file:')
    ? `${fileURLToPath(url)}${position}`
    : `${url}${position?.replace(/:\d+$/, '')}`
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
