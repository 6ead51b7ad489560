import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { Answer } from './answer.ts'
import type { ClientConfig } from './client-config.ts'
import { ConnectionError } from './connection-error.ts'
import { connectionProblem, isConnectionLoss } from './connection-problem.ts'
import type { Credential } from './credentials.ts'
import { followSignal } from './follow-signal.ts'
import { impersonationHeaders } from './impersonation.ts'
import { proxyOf } from './proxy.ts'

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

/** Connections that nobody uses are closed before servers and what is between tend to do it. */
const idleMs = 30_000

/**
 * Sends requests to one server over connections that stay open. Repeats what client-go repeats
 * (`k8s.io/client-go/rest/with_retry.go`): what is answered with 429 or 5xx and `Retry-After`, and a GET whose
 * connection broke. A request answered with 401 is repeated once if there are other credentials by then.
 */
export class HttpClient {
  readonly #config: ClientConfig
  readonly #base: URL
  readonly #env: NodeJS.ProcessEnv
  readonly #pauses: Pauses
  readonly #underWay = new Set<AbortController>()
  #agent: { readonly credential: Credential; readonly agent: Agent } | undefined
  #closed: Error | undefined

  constructor(config: ClientConfig, env: NodeJS.ProcessEnv, pauses: Pauses = { afterLoss: 1000 }) {
    this.#config = config
    this.#base = serverUrl(config.server)
    this.#env = env
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
      ? setTimeout(() => controller.abort(this.#timeout(request)), timeoutMs)
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
    this.#agent?.agent.destroy()
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
      const credential = await this.#credential(request)
      signal.throwIfAborted()
      let pause: number | undefined
      try {
        const message = await this.#exchange(request, credential, signal)
        if (message.statusCode === 401 && mayRefresh) {
          mayRefresh = false
          if (!(await this.#config.credentials?.refused?.(credential))) return message
          pause = 0
        } else {
          pause = retryAfterMs(message)
        }
        if (pause === undefined || attempt >= maxRetries) return message
        message.resume()
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error
        const mayRepeat = request.method === 'GET' && isConnectionLoss(error.cause) && attempt < maxRetries
        if (!mayRepeat) throw this.#connectionError(request, error.cause)
        pause = error.onUsedConnection ? 0 : this.#pauses.afterLoss
      }
      if (pause > 0) await wait(pause, undefined, { signal })
    }
  }

  async #exchange(
    { method, path, headers, body }: HttpRequest,
    credential: Credential,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const agent = await this.#agentOf(credential)
    const { protocol, hostname, port } = this.#base
    const send = protocol === 'https:' ? requestHttps : requestHttp
    const { promise, resolve, reject } = withResolvers<IncomingMessage>()
    const outgoing = send(
      {
        method,
        agent,
        host: hostname.replace(/^\[(.*)\]$/, '$1'),
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
    outgoing.on('error', (error) => reject(new ExchangeError(error, outgoing.reusedSocket)))
    outgoing.end(body)
    const release = followSignal(signal, (reason) => outgoing.destroy(reason as Error))
    try {
      const message = await promise
      // Who reads the body learns of its errors. Nobody reads that of an answer that is not the last.
      message.on('error', () => {})
      return message
    } finally {
      release()
    }
  }

  async #credential(request: HttpRequest): Promise<Credential> {
    try {
      return (await this.#config.credentials?.current()) ?? anonymous
    } catch (error) {
      const reason = `getting credentials: ${error instanceof Error ? error.message : error}`
      throw new ConnectionError(request.method, this.urlOf(request.path), reason, { cause: error })
    }
  }

  /** A new certificate needs new connections. */
  async #agentOf(credential: Credential): Promise<Agent> {
    const known = this.#agent
    if (known !== undefined && sameCertificate(known.credential, credential)) return known.agent
    const agent = await this.#newAgent(credential)
    if (this.#agent !== known && this.#agent !== undefined) {
      if (sameCertificate(this.#agent.credential, credential)) return this.#agent.agent
    }
    this.#agent?.agent.destroy()
    this.#agent = { credential, agent }
    return agent
  }

  async #newAgent({ certificate, key }: Credential): Promise<Agent> {
    const { tls = {}, proxyUrl } = this.#config
    const connections = { keepAlive: true, keepAliveMsecs: idleMs, timeout: idleMs }
    const trust = {
      ...(tls.certificateAuthority !== undefined && { ca: tls.certificateAuthority }),
      ...(tls.insecureSkipVerify && { rejectUnauthorized: false }),
      ...(tls.serverName !== undefined && { servername: tls.serverName }),
      ...(certificate !== undefined && { cert: certificate }),
      ...(key !== undefined && { key }),
    }
    const proxy = proxyOf(this.#base, proxyUrl, this.#env)
    if (proxy !== undefined) {
      const { HttpsProxyAgent } = await import('https-proxy-agent')
      return new HttpsProxyAgent(proxy, { ...connections, ...trust })
    }
    return this.#base.protocol === 'https:'
      ? new TlsAgent({ ...connections, ...trust })
      : new Agent(connections)
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

const anonymous: Credential = {}

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

function sameCertificate(a: Credential, b: Credential): boolean {
  return a.certificate === b.certificate && a.key === b.key
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
