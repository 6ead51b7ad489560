import type { Duplex } from 'node:stream'

/** How long a client has to read its last answer, in milliseconds: `rstAvoidanceDelay` of Go's net/http. */
const readingTimeMs = 500

/**
 * Ends a connection whose client may still be sending. To close it at once would reset it, and take from the client the
 * answer that it has not read yet: for a moment, what it sends is thrown away.
 */
export function closeAfterAnswer(socket: Duplex, lastBytes?: Uint8Array): void {
  const timer = setTimeout(() => socket.destroy(), readingTimeMs)
  socket.once('close', () => clearTimeout(timer))
  // That the client is gone is no news. node:http no longer listens to the socket of a CONNECT.
  socket.on('error', () => socket.destroy())
  socket.end(lastBytes)
  socket.resume()
}
