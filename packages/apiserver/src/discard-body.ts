import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeAfterAnswer } from './close-after-answer.ts'

/** How long the rest of a body may take, in milliseconds. */
const discardingTimeMs = 5000

const unread = new WeakSet<Duplex>()

/** Whether the request that a client is still sending has been answered. */
export function isAnsweredEarly(socket: Duplex): boolean {
  return unread.has(socket)
}

/**
 * Throws away what is left of a body once its request has been answered, so that the connection can be used again. One
 * that goes on for more than `limit` bytes or some seconds costs the client its connection.
 */
export function discardBodyOnceAnswered(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
): void {
  const { headers } = request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
  // In front of what node:http itself does then, which is to read on without an end.
  response.prependOnceListener('finish', () => {
    if (request.complete || request.destroyed) return
    const { socket } = request
    unread.add(socket)
    let bytes = 0
    const timer = setTimeout(() => closeAfterAnswer(socket), discardingTimeMs)
    const settle = () => {
      unread.delete(socket)
      clearTimeout(timer)
    }
    request.once('end', settle).once('close', settle)
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limit || socket.writableEnded) return
      clearTimeout(timer)
      closeAfterAnswer(socket)
    })
    request.read(0)
  })
}
