import { isBadRequest } from '@k1s/apimachinery'
import { UsageError } from './usage-error.ts'

/**
 * What a store says that cannot be opened as it was asked for, such as one of an unknown type: no server has spoken, so
 * that it is the command line or the configuration that is wrong. Other errors are returned as they are.
 */
export function openingError(error: unknown): unknown {
  return isBadRequest(error) ? new UsageError(error.message) : error
}
