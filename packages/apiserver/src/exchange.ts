import type { IncomingMessage, ServerResponse } from 'node:http'
import type { UserInfo } from '@k1s/core'
import type { RequestInfo } from './request-info/request-info.ts'

/** One request over HTTP with its answer, and what is known of it. Made by the server, passed from filter to filter. */
export interface Exchange {
  /** Names the request in logs and in the header `Audit-Id`. */
  readonly id: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  /** Without the query and the tenant's prefix, percent-encoded as it came: `/api/v1/namespaces/default/configmaps`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly tenant: string
  /** Who asks. Set by authentication, before any endpoint sees the request. */
  user: UserInfo | undefined
  /** What it asks for, if that is a resource. Set by the router. */
  info: RequestInfo | undefined
  /** Aborted when the client is gone, or when the server stops waiting for the request. */
  readonly signal: AbortSignal
}

/** Answers a request, or throws: a StatusError is written as its Status, anything else as an InternalError. */
export type HttpHandler = (exchange: Exchange) => Promise<void>

/** One link in front of the endpoints: answers by itself or passes the exchange on to `next`. */
export type HttpFilter = (next: HttpHandler) => HttpHandler
