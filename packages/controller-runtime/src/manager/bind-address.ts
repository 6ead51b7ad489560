import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Endpoints } from './serve-endpoints.ts'

/** How long requests under way are waited for when a server ends, milliseconds. */
const closePatience = 2000

/**
 * Serves on an address as Go writes it: `127.0.0.1:8080`, `:8080` for all interfaces, `[::1]:8080`. Resolves when it
 * listens, with the port that it got where 0 was asked for; an Error says which address could not be had. It does not keep the
 * process alive.
 */
export async function serveOn(
  address: string,
  listener: RequestListener,
): Promise<Endpoints & { readonly address: string; readonly port: number }> {
  const { host, port } = parseAddress(address)
  const { createServer } = await import('node:http')
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`cannot listen on ${address}: ${cause.message}`, { cause })),
    )
    server.listen({ host, port }, resolve)
  })
  server.unref()
  const bound = server.address()
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port
  return {
    address: `${address.slice(0, address.lastIndexOf(':'))}:${boundPort}`,
    port: boundPort,
    close: () => close(server),
  }
}

/** Of a request, whose target may be anything: one that begins with two slashes names no other host. */
export function urlOf({ url = '/' }: IncomingMessage): URL {
  return new URL(`http://localhost${url.startsWith('/') ? url : '/'}`)
}

function parseAddress(address: string): { host: string | undefined; port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(address)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw new Error(`${JSON.stringify(address)} is no address: write HOST:PORT, or :PORT for all interfaces`)
  }
  return { host: match[1] ?? (match[2] || undefined), port }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), closePatience)
  await closed
  clearTimeout(timer)
}
