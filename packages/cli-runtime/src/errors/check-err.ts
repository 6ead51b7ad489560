/** What commands say when they fail: `cmdutil.CheckErr` of `k8s.io/kubectl/pkg/cmd/util/helpers.go`. */
import { isInvalid, isStatusError, type Status } from '@k1s/apimachinery'
import { isConfigurationError, isConnectionError } from '@k1s/core'
import { NoResourceMatchError } from '../mapping/match-error.ts'
import { colorize } from '../streams/color.ts'
import { BrokenPipeError, type OutputStream } from '../streams/io-streams.ts'
import { flatten } from './aggregate.ts'
import { ExitError } from './usage-error.ts'

/** What a failed command prints and the code with which it ends. */
export interface ErrorReport {
  /** One or more lines without the last newline. Empty if nothing is to be printed. */
  readonly message: string
  readonly exitCode: number
}

const defaultExitCode = 1
/** 128 + SIGPIPE: what a shell reports of a program that died because its reader went away. */
const brokenPipeExitCode = 141

export function formatError(thrown: unknown): ErrorReport {
  if (thrown instanceof ExitError) return { message: '', exitCode: thrown.exitCode }
  const errors = flatten([thrown])
  if (errors.some((error) => error instanceof BrokenPipeError)) {
    return { message: '', exitCode: brokenPipeExitCode }
  }
  const error = errors.length === 1 ? errors[0] : thrown
  if (errors.length > 1) return { message: errors.map(messageForError).join('\n'), exitCode: defaultExitCode }
  if (isInvalid(error)) return { message: formatInvalid(error.status), exitCode: defaultExitCode }
  if (isConfigurationError(error) && (error.invalid || error.problems.length === 1)) {
    return { message: configurationMessage(error.problems), exitCode: defaultExitCode }
  }
  if (error instanceof NoResourceMatchError) return { message: error.message, exitCode: defaultExitCode }
  const message = standardErrorMessage(error) ?? withErrorPrefix(plainMessage(error))
  return { message: message.replace(/\n$/, ''), exitCode: defaultExitCode }
}

/** Prints a thrown value to stderr, its first words in red where colours are welcome, and returns the exit code. */
export function checkErr(thrown: unknown, stream: OutputStream): number {
  const { message, exitCode } = formatError(thrown)
  if (message !== '') {
    stream.write(
      `${message.replace(/^(error:|Error from server)/i, (prefix) => colorize(stream, 'red', prefix))}\n`,
    )
  }
  return exitCode
}

/**
 * The sentence for a StatusError, with its reason, and for a server that cannot be reached:
 * `cmdutil.StandardErrorMessage`. Undefined for other errors.
 */
export function standardErrorMessage(error: unknown): string | undefined {
  if (isConnectionError(error)) return connectionMessage(error)
  if (!isStatusError(error)) return undefined
  if (error.reason === 'Unauthorized') {
    return `error: You must be logged in to the server (${error.message})`
  }
  return error.reason === ''
    ? `Error from server: ${error.message}`
    : `Error from server (${error.reason}): ${error.message}`
}

/** kubectl unwraps a single problem, and then knows only that of a missing context to be one of the configuration. */
function configurationMessage(problems: readonly string[]): string {
  const [problem = ''] = problems
  const isNamed = problems.length > 1 || problem.startsWith('context was not found for specified context: ')
  return isNamed ? multilineError('Error in configuration: ', problems) : withErrorPrefix(problem)
}

interface Unreachable {
  readonly refused: boolean
  readonly url: string
  readonly reason: string
}

function connectionMessage({ refused, url, reason }: Unreachable): string {
  if (!refused) return `Unable to connect to the server: ${reason}`
  // Not by URL, which leaves out a port that is the scheme's own.
  const [, host = url] = /^\w+:\/\/(?:[^@/?#]*@)?([^/?#]+)/.exec(url) ?? []
  return `The connection to the server ${host} was refused - did you specify the right host or port?`
}

/** One line for an error among others: no `error:` before what is not from the server, as `cmdutil.MultipleErrors`. */
function messageForError(error: unknown): string {
  return standardErrorMessage(error) ?? plainMessage(error)
}

function formatInvalid({ details, message }: Status): string {
  const text = message ?? ''
  if (details === undefined) return text === '' ? 'The request is invalid' : `The request is invalid: ${text}`
  const causes = details.causes ?? []
  const named = (details.kind ?? '') !== '' || (details.name ?? '') !== ''
  const subject = named
    ? `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`
    : text !== '' && causes.length === 0
      ? `The request is invalid: ${text}`
      : 'The request is invalid'
  const lines = [...new Set(causes.map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`))]
  return lines.length === 0 ? subject : multilineError(`${subject}: `, lines)
}

/** `cmdutil.MultilineError`. */
function multilineError(prefix: string, lines: readonly string[]): string {
  if (lines.length === 1) return prefix + lines[0]
  return [prefix, ...lines.map((line) => `* ${line}`)].join('\n')
}

function withErrorPrefix(message: string): string {
  return message.startsWith('error: ') ? message : `error: ${message}`
}

function plainMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
