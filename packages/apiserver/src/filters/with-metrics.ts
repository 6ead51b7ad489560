import type { Exchange, HttpFilter } from '../exchange.ts'
import { endpointOf } from '../metrics/endpoint-name.ts'
import type { RequestLabels } from '../metrics/request-metrics.ts'
import { scopeOf } from '../metrics/request-scope.ts'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import type { RequestInfo } from '../request-info/request-info.ts'
import { statusOf } from '../responses/write-status.ts'
import { kindOf } from './with-limits.ts'

/** Observes each request: stands in front of all that may answer one. */
export function withMetrics(metrics: ServerMetrics): HttpFilter {
  return (next) => async (exchange) => {
    const start = performance.now()
    const kind = kindOf(exchange)
    const inFlight = kind === 'watches' ? undefined : metrics[kind]
    inFlight?.started(start)
    let failure: unknown
    try {
      await next(exchange)
    } catch (error) {
      failure = error
      throw error
    } finally {
      inFlight?.ended()
      observe(metrics, exchange, failure, (performance.now() - start) / 1000)
    }
  }
}

function observe(metrics: ServerMetrics, exchange: Exchange, failure: unknown, seconds: number): void {
  const { response, tenant, info } = exchange
  const isAnswered = response.headersSent || response.writableEnded
  if (!isAnswered && response.destroyed) {
    metrics.requestAborted()
    return
  }
  const code = failure === undefined || isAnswered ? response.statusCode : (statusOf(failure).code ?? 500)
  if (code < 400 && info !== undefined) metrics.tenantServed(tenant)
  const length = failure === undefined ? response.getHeader('content-length') : undefined
  metrics.requests.observe(labelsOf(exchange), code, seconds, typeof length === 'number' ? length : undefined)
}

/** `MonitorRequest` of `k8s.io/apiserver/pkg/endpoints/metrics`. */
function labelsOf(exchange: Exchange): RequestLabels {
  const { path, info } = exchange
  const dryRun = dryRunOf(exchange)
  if (info === undefined) {
    const verb = verbOf(exchange, undefined)
    return { verb, dryRun, group: '', version: '', resource: '', subresource: endpointOf(path), scope: '' }
  }
  const { group, version, resource, subresource = '' } = info
  return { verb: verbOf(exchange, info), dryRun, group, version, resource, subresource, scope: scopeOf(info) }
}

function verbOf({ method, request }: Exchange, info: RequestInfo | undefined): RequestLabels['verb'] {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (info?.verb === 'watch') return 'WATCH'
      return info?.verb === 'list' ? 'LIST' : 'GET'
    case 'PATCH':
      return request.headers['content-type'] === 'application/apply-patch+yaml' ? 'APPLY' : 'PATCH'
    case 'POST':
    case 'PUT':
    case 'DELETE':
      return method
    default:
      return 'other'
  }
}

function dryRunOf({ query }: Exchange): RequestLabels['dryRun'] {
  if (query.size === 0 || !query.has('dryRun')) return ''
  return query.getAll('dryRun').every((value) => value === 'All') ? 'All' : 'invalid'
}
