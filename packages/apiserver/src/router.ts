import { StatusError } from '@k1s/apimachinery'
import { descriptionEndpoint, isDescriptionPath } from './endpoints/description.ts'
import { type ResourceEndpoint, serveResource } from './endpoints/resources.ts'
import { versionEndpoint } from './endpoints/version.ts'
import type { HttpHandler } from './exchange.ts'
import { requestInfoOf } from './request-info/request-info.ts'

/** Finds the endpoint of a request. */
export function router(resources: ResourceEndpoint): HttpHandler {
  const serveDescription = descriptionEndpoint(resources.transport)
  const serveVersion = versionEndpoint()
  return (exchange) => {
    const { method, path, query } = exchange
    const info = requestInfoOf(method, path, query)
    if (info !== undefined) return serveResource(resources, exchange, info)
    if (isDescriptionPath(path)) return serveDescription(exchange)
    if (path === '/version' || path === '/version/') return serveVersion(exchange)
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
