import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { checkServerIdentity } from 'node:tls'
import { Answer } from './answer.ts'
import type { ClientConfig } from './client-config.ts'
import { ConnectionError } from './connection-error.ts'
import { connectionProblem, isConnectionLoss } from './connection-problem.ts'
import { Connections } from './connections.ts'
import { type Credential, type Credentials, fixedCredentials } from './credentials.ts'
import { followSignal } from './follow-signal.ts'
import { impersonationHeaders } from './impersonation.ts'
import { longestTimerMs, pause } from './pause.ts'
import { RequestResults } from './request-results.ts'
import { untilAborted } from './until-aborted.ts'

export interface HttpRequest {
  readonly method: string
  /** What follows the server's URL. */
  readonly path: string
  readonly headers: OutgoingHttpHeaders
  readonly body?: string
  readonly signal?: AbortSignal | undefined
  /** For the whole of the answer. No limit unless set. */
  readonly timeoutMs?: number | undefined
}

/** Waits between attempts, in milliseconds. */
export interface Pauses {
  /** After a lost connection; what a server asks for is in its `Retry-After`. */
  readonly afterLoss: number
}

/** How often a request is repeated, as in client-go. */
const maxRetries = 10

/** Of an answer that is not the last, so much is read for the connection to be used again. */
const maxDrainedBytes = 2048

/**
 * Sends requests to one server over connections that stay open. Repeats what client-go repeats
 * (`k8s.io/client-go/rest/with_retry.go`): what is answered with 429 or 5xx and `Retry-After`, and a GET whose
 * connection broke. A request answered with 401 is repeated once if there are other credentials by then. Does not go where
 * a redirect leads: the credentials are for this server.
 */
export class HttpClient {
  /** Of all attempts. */
  readonly results: RequestResults
  readonly #config: ClientConfig
  readonly #base: URL
  readonly #connections: Connections
  readonly #pauses: Pauses
  readonly #underWay = new Set<AbortController>()
  #closed: Error | undefined

  constructor(config: ClientConfig, env: NodeJS.ProcessEnv, pauses: Pauses = { afterLoss: 1000 }) {
    this.#config = config
    this.#base = serverUrl(config.server)
    this.results = new RequestResults(this.#base.host)
    this.#connections = new Connections(config, this.#base, env)
    this.#pauses = pauses
  }

  /** The answer, whatever its code. ConnectionError without one; the signal's reason if it is aborted. */
  async send(request: HttpRequest): Promise<Answer> {
    if (this.#closed !== undefined) throw this.#closed
    const { signal, timeoutMs } = request
    signal?.throwIfAborted()
    const controller = new AbortController()
    const releaseSignal = followSignal(signal, (reason) => controller.abort(reason))
    const timer = timeoutMs
      ? setTimeout(() => controller.abort(this.#timeout(request)), Math.min(timeoutMs, longestTimerMs))
      : undefined
    this.#underWay.add(controller)
    const release = () => {
      this.#underWay.delete(controller)
      releaseSignal()
      clearTimeout(timer)
    }
    try {
      return new Answer(await this.#attempt(request, controller.signal), controller, release)
    } catch (error) {
      release()
      throw controller.signal.aborted ? controller.signal.reason : error
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#closed ??= new Error(`the connection to ${this.#base.href} has been closed`)
    for (const controller of this.#underWay) controller.abort(this.#closed)
    this.#connections.close()
    this.#config.credentials?.close?.()
  }

  /** The URL of a path, for messages. */
  urlOf(path: string): string {
    return this.#base.origin + this.#prefix + path
  }

  get #prefix(): string {
    return this.#base.pathname.replace(/\/$/, '')
  }

  async #attempt(request: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
    let mayRefresh = true
    for (let attempt = 0; ; attempt++) {
      const credential = await this.#credential(request, signal, (from) => from.current())
      let pauseMs: number | undefined
      try {
        const message = await this.#countedExchange(request, credential, signal)
        if (message.statusCode === 401 && mayRefresh) {
          mayRefresh = false
          if (!(await this.#hasOther(credential, request, message, signal))) return message
          pauseMs = 0
        } else {
          pauseMs = retryAfterMs(message)
        }
        if (pauseMs === undefined || attempt >= maxRetries) return message
        discard(message)
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error
        const mayRepeat = request.method === 'GET' && isConnectionLoss(error.cause) && attempt < maxRetries
        if (!mayRepeat) throw this.#connectionError(request, error.cause)
        pauseMs = error.onUsedConnection ? 0 : this.#pauses.afterLoss
      }
      await pause(pauseMs, signal)
    }
  }

  async #countedExchange(
    request: HttpRequest,
    credential: Credential,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    let code: number | undefined
    try {
      const message = await this.#exchange(request, credential, signal)
      code = message.statusCode
      return message
    } finally {
      this.results.add(request.method, code)
    }
  }

  async #exchange(
    { method, path, headers, body }: HttpRequest,
    credential: Credential,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const agent = await this.#connections.agentOf(credential)
    signal.throwIfAborted()
    const tls = this.#connections.tlsOptions(credential)
    const { protocol, hostname, port } = this.#base
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    const send = protocol === 'https:' ? requestHttps : requestHttp
    const { promise, resolve, reject } = withResolvers<IncomingMessage>()
    const outgoing = send(
      {
        method,
        agent,
        // An agent for a proxy has them for the connection to the proxy only, and takes an address for no name.
        ...tls,
        checkServerIdentity: (_, certificate) => checkServerIdentity(tls.servername ?? host, certificate),
        host,
        port: port || (protocol === 'https:' ? 443 : 80),
        path: this.#prefix + path,
        headers: {
          ...headers,
          ...(credential.authorization !== undefined && { authorization: credential.authorization }),
          ...impersonationHeaders(this.#config.impersonate),
          ...(!this.#config.disableCompression && { 'accept-encoding': 'gzip' }),
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        },
      },
      resolve,
    )
    const fail = (error: Error) => reject(new ExchangeError(error, outgoing.reusedSocket))
    outgoing.on('error', fail)
    outgoing.on('close', () => fail(new Error('the connection was closed without an answer')))
    outgoing.on('proxyConnect', ({ statusCode, statusText }: { statusCode: number; statusText: string }) => {
      // What the proxy says for itself is not the answer of the server.
      if (statusCode !== 200) outgoing.destroy(new Error(statusText || 'unknown status code'))
    })
    outgoing.end(body)
    const release = followSignal(signal, (reason) => outgoing.destroy(reason as Error))
    try {
      // Until it has a connection, ending the request ends nothing.
      const message = await untilAborted(promise, signal)
      // Who reads the body learns of its errors. Nobody reads that of an answer that is not the last.
      message.on('error', () => {})
      return message
    } finally {
      release()
    }
  }

  /** Whether there is a credential in place of the one that was refused with this answer. */
  async #hasOther(
    refused: Credential,
    request: HttpRequest,
    message: IncomingMessage,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      return await this.#credential(request, signal, async (from) => (await from.refused?.(refused)) ?? false)
    } catch (error) {
      message.destroy()
      throw error
    }
  }

  /** Where credentials come from may take its time: the request does not wait longer than it may. */
  async #credential<T>(
    { method, path }: HttpRequest,
    signal: AbortSignal,
    ask: (credentials: Credentials) => Promise<T>,
  ): Promise<T> {
    const { credentials = anonymous } = this.#config
    try {
      return await untilAborted(ask(credentials), signal)
    } catch (error) {
      signal.throwIfAborted()
      const reason = `getting credentials: ${error instanceof Error ? error.message : error}`
      throw new ConnectionError(method, this.urlOf(path), reason, { cause: error })
    }
  }

  #connectionError({ method, path }: HttpRequest, error: unknown): ConnectionError {
    return new ConnectionError(method, this.urlOf(path), connectionProblem(error, this.#base.host), {
      cause: error,
    })
  }

  #timeout({ method, path }: HttpRequest): ConnectionError {
    const reason = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    return new ConnectionError(method, this.urlOf(path), reason)
  }
}

const anonymous = fixedCredentials({})

function discard(message: IncomingMessage): void {
  if (Number(message.headers['content-length']) <= maxDrainedBytes) message.resume()
  else message.destroy()
}

/** What went wrong with one attempt. */
class ExchangeError extends Error {
  /** The server may have closed the connection before it saw the request. */
  readonly onUsedConnection: boolean

  constructor(cause: Error, onUsedConnection: boolean) {
    super(cause.message, { cause })
    this.onUsedConnection = onUsedConnection
  }
}

/** `DefaultServerURL` of `k8s.io/client-go/rest`. */
function serverUrl(server: string): URL {
  const hasScheme = /^https?:\/\/[^/]/.test(server)
  if (!hasScheme && /^[^/?#]+\/./.test(server)) {
    throw new Error(`host must be a URL or a host:port pair: ${JSON.stringify(server)}`)
  }
  const text = hasScheme ? server : `http://${server}`
  if (!URL.canParse(text))
    throw new Error(`host must be a URL or a host:port pair: ${JSON.stringify(server)}`)
  return new URL(text)
}

/** `checkWait` of `k8s.io/client-go/rest/with_retry.go`. */
function retryAfterMs({ statusCode = 0, headers }: IncomingMessage): number | undefined {
  if (statusCode !== 429 && statusCode < 500) return undefined
  const seconds = headers['retry-after']
  return seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined
}

function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
