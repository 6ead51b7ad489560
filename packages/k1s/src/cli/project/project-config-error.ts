import { spawnSync } from 'node:child_process'
import { isOfProject, placeOf } from './stack-line.ts'

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
  const frames = (thrown.stack ?? '').split('\n').filter(isOfProject)
  const name = thrown.name === 'Error' ? '' : `${thrown.name}: `
  return { message: `${name}${thrown.message.replace(/\nRequire stack:\n[\s\S]*$/, '')}`, frames }
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
