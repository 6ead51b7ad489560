import { StatusError } from '@k1s/apimachinery'
import { type ResourceEndpoint, serveResource } from './endpoints/resources.ts'
import type { HttpHandler } from './exchange.ts'
import { requestInfoOf } from './request-info/request-info.ts'

/** Finds the endpoint of a request. */
export function router(resources: ResourceEndpoint): HttpHandler {
  return (exchange) => {
    const { method, path, query } = exchange
    const info = requestInfoOf(method, path, query)
    if (info !== undefined) return serveResource(resources, exchange, info)
    throw new StatusError({
      code: 404,
      reason: 'NotFound',
      details: {},
      message: 'the server could not find the requested resource',
    })
  }
}

/** Paths that are answered without credentials. */
export function isPublicPath(path: string): boolean {
  return /^\/(healthz|livez|readyz)(\/|$)/.test(path)
}
