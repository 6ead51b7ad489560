import { isStatusError, StatusError } from '@k1s/apimachinery'

/**
 * Adds what was done with which file to an error, keeping the reason of a StatusError:
 * `error when creating "items.yaml": …`, as `cmdutil.AddSourceToErr`.
 */
export function addSourceToError(verb: string, source: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error)
  if (source === '') return error instanceof Error ? error : new Error(text)
  const message = `error when ${verb} ${JSON.stringify(source)}: ${text}`
  if (isStatusError(error)) return new StatusError({ ...error.status, message })
  return new Error(message, { cause: error })
}
