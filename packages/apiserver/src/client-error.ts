import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { newBadRequest, newTimeoutError, StatusError } from '@k1s/apimachinery'
import { closeAfterAnswer } from './close-after-answer.ts'
import { isAnsweredEarly } from './discard-body.ts'
import { kindOf } from './filters/with-limits.ts'
import type { HttpExchange } from './http-exchange.ts'

/**
 * Answers what is no HTTP request, or none that came in time, with a Status and ends the connection; `node:http` gives
 * such connections without a response to write to. Requests before it are answered first.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  current: Iterable<HttpExchange>,
): void {
  // What still comes on a connection that is being closed is no HTTP either.
  if (socket.writableEnded) return
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const underWay = [...current].filter(({ request }) => request.socket === socket)
  const before = underWay.filter(({ request }) => request.complete).at(-1)
  if (before !== undefined) {
    before.response.once('finish', () => closeWithStatus(socket, statusErrorOf(error)))
    if (kindOf(before) === 'watches') before.abort()
  } else if (isAnsweredEarly(socket) || underWay.some(({ response }) => response.headersSent)) {
    closeAfterAnswer(socket)
  } else closeWithStatus(socket, statusErrorOf(error))
}

/** The last answer of a connection. */
export function closeWithStatus(socket: Duplex, { status }: StatusError): void {
  const body = Buffer.from(`${JSON.stringify(status)}\n`)
  const { code = 400 } = status
  const lines = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code]}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  closeAfterAnswer(socket, Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]))
}

function statusErrorOf({ code, message }: NodeJS.ErrnoException): StatusError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new StatusError({ code: 431, reason: '', message: 'Request header fields too large' })
    case 'ERR_HTTP_REQUEST_TIMEOUT': {
      const { status } = newTimeoutError('the request did not arrive in time', 0)
      return new StatusError({ ...status, code: 408 })
    }
    default:
      return newBadRequest(`the request is no HTTP that can be read: ${message}`)
  }
}
