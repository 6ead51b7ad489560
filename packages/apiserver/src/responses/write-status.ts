import { isStatusError, newInternalError, type Status } from '@k1s/apimachinery'
import type { Exchange } from '../exchange.ts'
import { isPretty } from '../negotiation/negotiate.ts'
import { writeBytes } from './write-bytes.ts'

/**
 * Writes a failure as its Status: `ErrorNegotiated` of `k8s.io/apiserver`, always as JSON. What is no StatusError
 * becomes an InternalError. If an answer has begun, nothing can be told any more and the connection is cut.
 */
export async function writeStatus(exchange: Exchange, error: unknown): Promise<void> {
  const { response, query, request } = exchange
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const status = statusOf(error)
  for (const name of ['Content-Encoding', 'ETag']) response.removeHeader(name)
  const { details, code = 500 } = status
  if (details?.retryAfterSeconds) response.setHeader('Retry-After', details.retryAfterSeconds)
  const indent = isPretty(query, request.headers['user-agent']) ? 2 : undefined
  await writeBytes(exchange, code, 'application/json', `${JSON.stringify(status, undefined, indent)}\n`)
}

export function statusOf(error: unknown): Status {
  return (isStatusError(error) ? error : newInternalError(error)).status
}
