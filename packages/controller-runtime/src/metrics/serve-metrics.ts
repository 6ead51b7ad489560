import { Exposition } from '@k1s/core/metrics'
import { serveOn, urlOf } from '../manager/bind-address.ts'
import type { Registry } from './registry.ts'

/** Serves `/metrics`: `pkg/metrics/server`. */
export function serveMetrics(address: string, metrics: Registry) {
  return serveOn(address, (request, response) => {
    const { pathname } = urlOf(request)
    if (pathname !== '/metrics') {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n')
      return
    }
    response.writeHead(200, { 'Content-Type': Exposition.contentType }).end(metrics.text())
  })
}
