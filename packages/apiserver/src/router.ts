import type { StorageInterface } from '@k1s/storage'
import { descriptionEndpoint, isDescriptionPath } from './endpoints/description.ts'
import {
  type HealthEndpoints,
  healthEndpoint,
  healthPaths,
  isHealthPath,
  isPublicHealthPath,
} from './endpoints/health.ts'
import { metricsEndpoint } from './endpoints/metrics.ts'
import { refuseMethod } from './endpoints/refuse-method.ts'
import { type ResourceEndpoint, serveResource } from './endpoints/resources.ts'
import { rootEndpoint } from './endpoints/root.ts'
import { unknownPath } from './endpoints/unknown-path.ts'
import { versionEndpoint } from './endpoints/version.ts'
import type { HttpHandler } from './exchange.ts'
import { pingCheck } from './health/health-check.ts'
import { shutdownCheck } from './health/shutdown-check.ts'
import { storageCheck } from './health/storage-check.ts'
import type { ServerMetrics } from './metrics/server-metrics.ts'
import { requestInfoOf, resourcePathOf } from './request-info/request-info.ts'

export interface RouterOptions extends Omit<ResourceEndpoint, 'watches'> {
  /** Read for health, if it is there. */
  readonly storage: StorageInterface | undefined
  readonly isShuttingDown: () => boolean
  readonly metrics: ServerMetrics
}

/** Finds the endpoint of a request. */
export function router(options: RouterOptions): HttpHandler {
  const { transport, onError, metrics } = options
  const resources = { ...options, watches: metrics.watches }
  const health = healthOf(options)
  const serveDescription = descriptionEndpoint(transport)
  const serveHealth = healthEndpoint(health, onError)
  const serveRoot = rootEndpoint(transport, ['/metrics', ...healthPaths(health)])
  const serveMetrics = metricsEndpoint(metrics)
  const serveVersion = versionEndpoint()
  return (exchange) => {
    const { method, path, query } = exchange
    const info = requestInfoOf(method, path, query)
    exchange.info = info
    if (info !== undefined) return serveResource(resources, exchange, info)
    if (isDescriptionPath(path)) return serveDescription(exchange)
    if (isHealthPath(path)) return serveHealth(exchange)
    if (path === '/metrics') return serveMetrics(exchange)
    if (path === '/version' || path === '/version/') return serveVersion(exchange)
    if (path === '/' || path === '/index.html') return serveRoot(exchange)
    const resourcePath = resourcePathOf(path)
    if (resourcePath !== undefined) return refuseMethod(transport, exchange, resourcePath)
    throw unknownPath()
  }
}

function healthOf({ storage, isShuttingDown }: RouterOptions): HealthEndpoints {
  const checks = storage === undefined ? [pingCheck] : [pingCheck, storageCheck(storage)]
  return { healthz: checks, livez: checks, readyz: [...checks, shutdownCheck(isShuttingDown)] }
}

/** Paths that are answered without credentials. */
export function isPublicPath(path: string): boolean {
  return isPublicHealthPath(path)
}
