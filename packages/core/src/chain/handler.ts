import type { Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { Changes } from '../changes.ts'
import type { ApiRequest, ApiResponse } from '../request.ts'

/** The answer to a request of verb `watch`. */
export interface WatchResponse {
  readonly code: 200
  readonly events: AsyncIterable<WatchEvent<Unstructured>>
  readonly warnings?: readonly string[]
}

/** The answer to a watch that collapses events. */
export interface ChangesResponse {
  readonly code: 200
  readonly changes: Changes
  readonly warnings?: readonly string[]
}

/** Answers a request, or throws a StatusError. */
export type Handler = (request: ApiRequest) => Promise<ApiResponse | WatchResponse | ChangesResponse>

/** One link of the chain: answers by itself, or passes the request (or a changed one) on to `next`. */
export type Filter = (next: Handler) => Handler

/** The first filter sees a request first. */
export function buildChain(filters: readonly Filter[], handler: Handler): Handler {
  return filters.reduceRight((next, filter) => filter(next), handler)
}
