import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { UserInfo } from '@k1s/core'
import type { Exchange } from './exchange.ts'
import type { RequestInfo } from './request-info/request-info.ts'
import type { RequestTarget } from './request-info/request-target.ts'

/** An {@link Exchange} of `node:http`. Its signal is made for who asks for it. */
export class HttpExchange implements Exchange {
  readonly id = randomUUID()
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly tenant: string
  user: UserInfo | undefined
  info: RequestInfo | undefined
  #controller: AbortController | undefined
  #isAborted = false

  constructor(request: IncomingMessage, response: ServerResponse, target: RequestTarget) {
    this.request = request
    this.response = response
    this.method = request.method ?? 'GET'
    this.tenant = target.tenant
    this.path = target.path
    this.query = new URLSearchParams(target.query)
    response.once('close', () => {
      if (!response.writableFinished) this.abort()
    })
  }

  /** Aborted also when the client says that it will send no more: who only listens has no other way to leave. */
  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal
    this.#controller = new AbortController()
    if (this.#isAborted) this.#controller.abort()
    const { socket } = this.request
    const onEnd = () => this.abort()
    socket.once('end', onEnd)
    this.response.once('close', () => socket.off('end', onEnd))
    return this.#controller.signal
  }

  get isAborted(): boolean {
    return this.#isAborted
  }

  /** Nobody waits for the answer any more. */
  abort(): void {
    this.#isAborted = true
    this.#controller?.abort()
  }
}
