import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import { isStatusError, StatusError } from '@k1s/apimachinery'
import type { APIServer, APIServerOptions } from './api-server.ts'
import { answerClientError, closeWithStatus } from './client-error.ts'
import { discardBodyOnceAnswered } from './discard-body.ts'
import type { HttpHandler } from './exchange.ts'
import { withAuthentication } from './filters/with-authentication.ts'
import { withImpersonation } from './filters/with-impersonation.ts'
import { kindOf, withLimits } from './filters/with-limits.ts'
import { withMetrics } from './filters/with-metrics.ts'
import { withTenant } from './filters/with-tenant.ts'
import { HttpExchange } from './http-exchange.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { ServerMetrics } from './metrics/server-metrics.ts'
import { requestTargetOf } from './request-info/request-target.ts'
import { writeStatus } from './responses/write-status.ts'
import { isPublicPath, router } from './router.ts'
import { isLoopbackAddress } from './security/addresses.ts'

/**
 * Serves the Kubernetes API over HTTP. Resolves when requests are answered. An Error if the address cannot be listened
 * on, or if plain HTTP is asked for on an address that others reach.
 *
 * ```ts
 * await using server = await createAPIServer({ transport: runtime.transport, authenticate, tls: { cert, key } })
 * console.log(server.url)
 * ```
 */
export async function createAPIServer(options: APIServerOptions): Promise<APIServer> {
  const { host = '127.0.0.1', port = 6443, tls, insecureHttp = false } = options
  const limits = { ...defaultLimits, ...options.limits }
  checkAddress(host, tls !== undefined, insecureHttp)
  const serving = new Serving(options, limits)
  const server = listener(tls, limits, (request, response) => serving.serve(request, response))
  server.on('clientError', (error, socket) => serving.refuse(error, socket))
  // A body is asked for when it is read, which is not before the client is known.
  server.on('checkContinue', (request, response) => serving.serve(request, response))
  server.on('checkExpectation', (request, response) => serving.serve(request, response, unknownExpectation()))
  server.on('connect', (_, socket) => closeWithStatus(socket, methodNotAllowed()))
  server.on('tlsClientError', () => serving.metrics.tlsHandshakeFailed())
  await listen(server, host, port)
  const address = server.address() as AddressInfo
  const hostname = host.includes(':') ? `[${host}]` : host
  const close = ({ timeoutMs = 10_000 } = {}) => serving.close(server, timeoutMs)
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${hostname}:${address.port}`,
    port: address.port,
    setCertificate(renewed) {
      if (!(server instanceof TlsServer)) throw new Error('plain HTTP is served, without a certificate')
      server.setSecureContext(secureContext(renewed))
    },
    close,
    [Symbol.asyncDispose]: async () => void (await close()),
  }
}

function checkAddress(host: string, hasTls: boolean, insecureHttp: boolean): void {
  if (hasTls) return
  if (!insecureHttp) throw new Error('a certificate is needed to serve HTTPS: set tls, or insecureHttp')
  if (host === 'localhost' || isLoopbackAddress(host)) return
  throw new Error(`plain HTTP is served on loopback addresses only, and ${JSON.stringify(host)} is none`)
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** How often connections are looked at for requests that are late, in milliseconds. */
const connectionsCheckingInterval = 1000
/** Longer than clients keep idle connections (90 s in Go), so that none sends a request into one that is being closed. */
const keepAliveTimeout = 120_000

function listener(tls: APIServerOptions['tls'], limits: Limits, listener: Listener): Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout,
    connectionsCheckingInterval,
    noDelay: true,
  }
  const server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer(
          { ...options, ...secureContext(tls), handshakeTimeout: limits.headersTimeoutMs },
          listener,
        )
  server.maxConnections = limits.connections
  // Who has sent a request and says that no more will come still gets the answer, as from Go's net/http.
  return Object.assign(server, { httpAllowHalfOpen: true })
}

function secureContext({ cert, key }: NonNullable<APIServerOptions['tls']>): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2' }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function unknownExpectation(): StatusError {
  return new StatusError({
    code: 417,
    reason: '',
    message: 'the only expectation that can be met is 100-continue',
  })
}

/** No path is one that CONNECT can be asked of. */
function methodNotAllowed(): StatusError {
  return new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    details: {},
    message: 'the server does not allow this method on the requested resource',
  })
}

/** How long clients may take their last answers, in milliseconds, once a server that closes has given them. */
const answersTakenMs = 1000

/** The requests under way, and the chain of filters that they pass. */
class Serving {
  readonly #handler: HttpHandler
  readonly #tenant: string
  readonly #bodyBytes: number
  readonly #onError: (error: unknown) => void
  readonly metrics: ServerMetrics
  readonly #current = new Set<HttpExchange>()
  #isClosing = false
  #whenIdle: (() => void) | undefined

  constructor(
    { transport, storage, authenticate, tenant = 'default', onError = () => {} }: APIServerOptions,
    limits: Limits,
  ) {
    this.#tenant = tenant
    this.#bodyBytes = limits.bodyBytes
    this.#onError = onError
    this.metrics = new ServerMetrics(storage)
    const filters = [
      withMetrics(this.metrics),
      withLimits(limits),
      withAuthentication(authenticate, isPublicPath),
      withImpersonation,
      withTenant,
    ]
    const isShuttingDown = () => this.#isClosing
    const endpoints = router({ transport, storage, limits, onError, isShuttingDown, metrics: this.metrics })
    this.#handler = filters.reduceRight((next, filter) => filter(next), endpoints)
  }

  /** A request that is refused passes no filter. */
  serve(request: IncomingMessage, response: ServerResponse, refusal?: StatusError): void {
    const target = requestTargetOf(request.url ?? '/', this.#tenant)
    const exchange = new HttpExchange(request, response, target)
    this.#current.add(exchange)
    response.setHeader('Audit-Id', exchange.id)
    response.setHeader('Cache-Control', 'no-cache, private')
    if (this.#isClosing) response.setHeader('Connection', 'close')
    discardBodyOnceAnswered(request, response, this.#bodyBytes)
    void this.#answer(exchange, refusal)
  }

  /** Answers what is no request. */
  refuse(error: Error, socket: Duplex): void {
    answerClientError(error, socket, this.#current)
  }

  async #answer(exchange: HttpExchange, refusal: StatusError | undefined): Promise<void> {
    try {
      if (refusal !== undefined) throw refusal
      await this.#handler(exchange)
    } catch (error) {
      if (!isStatusError(error) && !exchange.isAborted) this.#onError(error)
      await writeStatus(exchange, error)
    } finally {
      this.#current.delete(exchange)
      if (this.#current.size === 0) this.#whenIdle?.()
    }
  }

  /** Ends watches at once, and what is left after the timeout. */
  async close(server: Server, timeoutMs: number): Promise<number> {
    this.#isClosing = true
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const exchange of this.#current) if (kindOf(exchange) === 'watches') exchange.abort()
    // A connection becomes idle only when its last answer has been sent.
    const sweep = setInterval(() => server.closeIdleConnections(), 20)
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve
    })
    const timer = setTimeout(() => this.#whenIdle?.(), timeoutMs)
    if (this.#current.size > 0) await idle
    const left = this.#current.size
    for (const exchange of this.#current) exchange.abort()
    if (left > 0) server.closeAllConnections()
    else setTimeout(() => server.closeAllConnections(), answersTakenMs).unref()
    await closed
    clearTimeout(timer)
    clearInterval(sweep)
    this.metrics.close()
    return left
  }
}
