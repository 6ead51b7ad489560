import { getSystemErrorName } from 'node:util'
import { isStatusError, newServiceUnavailable, type StatusError } from '@k1s/apimachinery'

/** What went wrong with a commit, in words that say what to do. ServiceUnavailable, with the error as its cause. */
export async function describeCommitFailure(error: unknown, path: string): Promise<StatusError> {
  const cause = await causeOf(error)
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'MDB_MAP_FULL':
    // LMDB's word for a write that was cut short, which is what a full disk does to it.
    case 'EIO':
      return unavailable(
        `the store at ${path} could not be written, nothing was changed: the disk is full or failing; make room and try again`,
        cause,
      )
    case 'EROFS':
      return unavailable(`the store at ${path} cannot be written: its file system is read-only`, cause)
    default:
      return unavailable(`the store at ${path} could not be written: ${messageOf(cause)}`, cause)
  }
}

/** The same for a store that cannot be opened. */
export function describeOpenFailure(error: unknown, path: string): StatusError {
  if (isStatusError(error)) return error
  switch (codeOf(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return unavailable(
        `${path} cannot hold a store: it, or a part of it, is a file and not a directory`,
        error,
      )
    case 'EISDIR':
      return unavailable(`${path} holds no store: ${path}/data.mdb is a directory and not a file`, error)
    case 'EACCES':
    case 'EPERM':
      return unavailable(
        `no permission to open the store at ${path}: run as the user that it belongs to, or choose another directory`,
        error,
      )
    case 'EROFS':
      return unavailable(
        `there is no store at ${path}, and none can be made: the file system is read-only; choose another directory`,
        error,
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return newDiskFull(path, error)
    default:
      return unavailable(`the store at ${path} could not be opened: ${messageOf(error)}`, error)
  }
}

/** A store that there is no room to open or make. */
export function newDiskFull(path: string, cause?: unknown): StatusError {
  return unavailable(
    `the store at ${path} could not be opened: the disk is full; make room and try again, nothing was changed`,
    cause,
  )
}

/** The name of an error of Node or of LMDB: `EACCES`, `MDB_MAP_FULL`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'string') return code
  if (typeof code === 'number' && code > 0) return getSystemErrorName(-code)
  return /^MDB_[A-Z_]+/.exec(error.message)?.[0]
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
