import { newServiceUnavailable, type StatusError } from '@k1s/apimachinery'

/** What went wrong with a commit, in words that say what to do. */
export async function describeFailure(error: unknown, path: string): Promise<StatusError> {
  const cause = await causeOf(error)
  return unavailable(`the store at ${path} could not be written: ${messageOf(cause)}`, cause)
}

export function describeOpenFailure(error: unknown, path: string): StatusError {
  return unavailable(`the store at ${path} could not be opened: ${messageOf(error)}`, error)
}

/** lmdb rejects a failed commit with a general error; the reason is behind a promise of it. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error
  try {
    await error.commitError
  } catch (cause) {
    return cause
  }
  return error
}

function unavailable(message: string, cause: unknown): StatusError {
  const error = newServiceUnavailable(message)
  error.cause = cause
  return error
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
