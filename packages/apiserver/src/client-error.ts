import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { newBadRequest, newTimeoutError, StatusError } from '@k1s/apimachinery'

/**
 * Answers what is no HTTP request, or none that came in time, with a Status; `node:http` gives such connections without
 * a response to write to.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status } = statusErrorOf(error)
  const body = Buffer.from(`${JSON.stringify(status)}\n`)
  const { code = 400 } = status
  const lines = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code]}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]), () => socket.destroy())
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
