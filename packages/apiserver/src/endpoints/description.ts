import { newNotImplemented } from '@k1s/apimachinery'
import type { Transport } from '@k1s/core'
import { DocumentCache } from '../documents/document-cache.ts'
import type { Exchange, HttpHandler } from '../exchange.ts'
import { writeDiscovery } from './discovery.ts'
import { requireReading } from './method.ts'
import { writeOpenAPIV2, writeOpenAPIV3, writeOpenAPIV3Index } from './openapi.ts'

/**
 * Whether a path is one under which the API describes itself: `/api`, `/api/{version}`, `/apis`, `/apis/{group}`,
 * `/apis/{group}/{version}`, `/openapi/v2` and `/openapi/v3` with what is below. A slash at the end does not count.
 */
export function isDescriptionPath(path: string): boolean {
  return (
    /^\/(api(\/[^/]+)?|apis(\/[^/]+){0,2}|openapi\/v[23])\/?$/.test(path) || path.startsWith('/openapi/v3/')
  )
}

/** Answers {@link isDescriptionPath} from what the transport says of its API, and keeps what it had to encode. */
export function descriptionEndpoint(transport: Transport): HttpHandler {
  const cache = new DocumentCache(transport)
  return async (exchange: Exchange) => {
    requireReading(exchange)
    if (transport.describe === undefined) throw newNotImplemented('the transport does not describe its API')
    const path = exchange.path.endsWith('/') ? exchange.path.slice(0, -1) : exchange.path
    if (path === '/openapi/v2') return writeOpenAPIV2(exchange, transport, cache)
    if (path === '/openapi/v3') return writeOpenAPIV3Index(exchange, transport, cache)
    if (path.startsWith('/openapi/')) return writeOpenAPIV3(exchange, transport, cache, path)
    return writeDiscovery(exchange, transport, cache, path)
  }
}
