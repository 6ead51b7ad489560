import { escapeFieldValue, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type {
  ApiRequest,
  ApiResponse,
  DescribeOptions,
  DiscoveredResource,
  RequestResult,
  Transport,
} from '../request.ts'
import { abortableEvents } from './abortable-events.ts'
import type { Answer } from './answer.ts'
import { checkSegments } from './check-segments.ts'
import type { ClientConfig } from './client-config.ts'
import { acceptAggregated, Discovery } from './discovery.ts'
import { HttpClient, type Pauses } from './http-client.ts'
import { failedAnswer, parseBody, readAnswer } from './read-answer.ts'
import { requestLine } from './request-line.ts'
import { resumingWatch } from './resuming-watch.ts'
import { readWatch, type WatchListener } from './watch-stream.ts'

export interface HttpTransportOptions {
  /** The header `User-Agent` of requests that bring none: what is before its first slash is their field manager. */
  readonly userAgent?: string
  /** How long a request may take, watches excepted, in milliseconds. Default: no limit. */
  readonly requestTimeoutMs?: number | undefined
  /** Whether watches go on after the server has ended them or the connection was lost. Default: true. */
  readonly resumeWatches?: boolean | undefined
  /** Where proxies are named. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv
  /** How long to wait before trying again. For tests. */
  readonly pauses?: Pauses
}

/**
 * A Kubernetes API server as a Transport. The server's URL names the tenant; whose requests they are, its credentials.
 *
 * Failures are StatusErrors, also those of answers that are no Status, in the words of client-go. Without an answer they
 * are ConnectionErrors.
 */
export class HttpTransport implements Transport {
  readonly #client: HttpClient
  readonly #options: HttpTransportOptions
  readonly #discovery: Discovery
  readonly #closing = new AbortController()

  constructor(config: ClientConfig, options: HttpTransportOptions = {}) {
    this.#client = new HttpClient(config, options.env ?? process.env, options.pauses)
    this.#options = options
    this.#discovery = new Discovery((path, sent) => this.#get(path, sent))
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    checkSegments(request)
    const { method, path, ...content } = requestLine(request)
    const answer = await this.#client.send({
      method,
      path: this.#withTimeout(path),
      headers: this.#headers(request, content),
      ...(content.body !== undefined && { body: content.body }),
      signal: request.signal,
      timeoutMs: this.#options.requestTimeoutMs,
    })
    return readAnswer(request, method, answer)
  }

  /**
   * Goes on after the server has ended it, which servers do every few minutes, or the connection was lost, from where it
   * was: no event is lost or comes twice. Ends with an ERROR event if the server no longer knows that place (410 Expired),
   * or refuses the watch.
   */
  watch(
    request: ApiRequest,
    onWarning?: (text: string) => void,
    onOpen?: () => void,
  ): AsyncIterable<WatchEvent<Unstructured>> {
    const listener = { onWarning, onOpen }
    const open = (part: ApiRequest, partListener: WatchListener) =>
      abortableEvents([part.signal, this.#closing.signal], (signal) =>
        readWatch(part, partListener, () => this.#sendWatch(part, signal)),
      )
    const whole = watchOfCollection(request)
    const { resumes = this.#options.resumeWatches } = request
    if (resumes === false) return open(whole, listener)
    const list = (of: ApiRequest) => this.request({ ...of, verb: 'list' })
    const pauseMs = this.#options.pauses?.afterLoss
    return abortableEvents([request.signal, this.#closing.signal], (signal) =>
      resumingWatch({ ...whole, signal }, listener, { open, list, pauseMs }),
    )
  }

  discover(
    _tenant: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly DiscoveredResource[]> {
    return this.#discovery.resources(options.signal)
  }

  discovered(): readonly DiscoveredResource[] | undefined {
    return this.#discovery.last
  }

  async describe(_tenant: string, path: string, options: DescribeOptions = {}): Promise<object> {
    const { aggregated, signal } = options
    const accept = aggregated ? acceptAggregated : 'application/json'
    const answer = await this.#get(path, { accept, signal })
    const text = await answer.text()
    if (answer.code !== 200) throw failedAnswer('GET', answer, text)
    return parseBody(answer, text)
  }

  requestResults(): readonly RequestResult[] {
    return this.#client.results.all()
  }

  /** Ends watches and requests that are under way. */
  close(): void {
    this.#closing.abort()
    this.#client.close()
  }

  #get(
    path: string,
    { accept, etag, signal }: { accept: string; etag?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<Answer> {
    return this.#client.send({
      method: 'GET',
      path: this.#withTimeout(path),
      headers: { accept, ...this.#userAgent({}), ...(etag !== undefined && { 'if-none-match': etag }) },
      signal,
      timeoutMs: this.#options.requestTimeoutMs,
    })
  }

  async #sendWatch(request: ApiRequest, signal: AbortSignal): Promise<Answer> {
    checkSegments(request)
    const { method, path, ...content } = requestLine(request)
    return this.#client.send({ method, path, headers: this.#headers(request, content), signal })
  }

  #headers(request: ApiRequest, { accept, contentType }: { accept: string; contentType?: string }) {
    return {
      accept,
      ...this.#userAgent(request),
      ...(contentType !== undefined && { 'content-type': contentType }),
    }
  }

  #userAgent({ userAgent = this.#options.userAgent }: { userAgent?: string | undefined }) {
    return userAgent === undefined ? {} : { 'user-agent': userAgent }
  }

  /** Servers give up when their clients do: `Request.URL` of client-go. */
  #withTimeout(path: string): string {
    const { requestTimeoutMs } = this.#options
    if (!requestTimeoutMs) return path
    const timeout =
      requestTimeoutMs % 1000 === 0 ? `${requestTimeoutMs / 1000}s` : `${Math.ceil(requestTimeoutMs)}ms`
    return `${path}${path.includes('?') ? '&' : '?'}timeout=${timeout}`
  }
}

/** Over HTTP one object is watched by selecting it: a GET with its name would be answered with the object. */
function watchOfCollection({ name, ...request }: ApiRequest): ApiRequest {
  const watch: ApiRequest = { ...request, verb: 'watch' }
  if (name === undefined) return watch
  const { fieldSelector } = request.options
  const selected = `metadata.name=${escapeFieldValue(name)}`
  const selector = fieldSelector ? `${selected},${fieldSelector}` : selected
  return { ...watch, options: { ...request.options, fieldSelector: selector } }
}
