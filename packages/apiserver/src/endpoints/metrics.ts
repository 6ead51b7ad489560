import { Exposition } from '@k1s/core/metrics'
import type { HttpHandler } from '../exchange.ts'
import type { ServerMetrics } from '../metrics/server-metrics.ts'
import { writeBytes } from '../responses/write-bytes.ts'
import { requireReading } from './method.ts'

/** Answers `/metrics`. */
export function metricsEndpoint(metrics: ServerMetrics): HttpHandler {
  return async (exchange) => {
    requireReading(exchange)
    await writeBytes(exchange, 200, Exposition.contentType, await metrics.text())
  }
}
