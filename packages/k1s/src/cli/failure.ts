import { checkErr, ExitError, type Factory, processStreams } from '@k1s/cli-runtime'

/**
 * Prints what went wrong as kubectl does, closes what is open, and returns the exit code: `failureExitCode`, unless the
 * error has one of its own.
 */
export async function reportFailure(
  error: unknown,
  factory: Factory | undefined,
  verbosity: number,
  failureExitCode: number,
): Promise<number> {
  const streams = factory?.streams ?? processStreams()
  const internal = isInternal(error)
  const reported = checkErr(internal ? describeInternal(error, verbosity) : error, streams.err)
  const exitCode = reported === 1 && !(error instanceof ExitError) ? failureExitCode : reported
  if (verbosity >= 9 && error instanceof Error) streams.err.write(`${stackOf(error)}\n`)
  try {
    await factory?.close()
  } catch (closing) {
    return exitCode === 0 ? checkErr(closing, streams.err) : exitCode
  }
  return exitCode
}

/** Errors that JavaScript throws by itself are mistakes in k1s, never something that a user did. */
function isInternal(error: unknown): error is Error {
  return (
    !(error instanceof Error) ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error.name === 'AssertionError'
  )
}

function describeInternal(error: unknown, verbosity: number): Error {
  const message = error instanceof Error ? error.message : String(error)
  const hint =
    verbosity >= 9 ? '' : '\nThis is a bug in k1s. Run the command again with -v=9 to see where it happened.'
  return new Error(`internal error: ${message}${hint}`)
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : ''
  const errors =
    error instanceof AggregateError ? error.errors.map((inner) => `\n${stackOf(inner as Error)}`) : []
  return `${error.stack}${cause}${errors.join('')}`
}
