import { inspect } from 'node:util'
import { isStatusError, type StatusReason } from '@k1s/apimachinery'
import { matchesText } from './matches-text.ts'

/** Which StatusError is meant: one for which all that is set holds. */
export interface StatusErrorDetails {
  readonly reason?: StatusReason
  /** The HTTP status. */
  readonly code?: number
  /** The whole message, or an expression for it. */
  readonly message?: string | RegExp
}

/** What is wrong, or undefined if the value is such a StatusError. */
export function statusErrorProblem(value: unknown, wanted: StatusErrorDetails = {}): string | undefined {
  const { reason, code, message } = wanted
  if (
    isStatusError(value) &&
    (reason === undefined || value.reason === reason) &&
    (code === undefined || value.code === code) &&
    matchesText(value.message, message)
  ) {
    return undefined
  }
  const text = [code, reason, message && String(message)].filter((word) => word !== undefined).join(' ')
  return `expected a StatusError${text && ` ${text}`}, not ${described(value)}`
}

function described(value: unknown): string {
  if (isStatusError(value)) return `${value.code} ${value.reason} ${JSON.stringify(value.message)}`
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return inspect(value)
}
