import type { RequestResult } from '@k1s/core'
import type { Exposition } from '@k1s/core/metrics'

export const requestResultsName = 'rest_client_requests_total'

/** `sigs.k8s.io/controller-runtime/pkg/metrics/client_go_adapter.go`. */
export function writeRequestResults(exposition: Exposition, results: readonly RequestResult[]): void {
  if (results.length === 0) return
  exposition.family(
    requestResultsName,
    'counter',
    'Number of HTTP requests, partitioned by status code, method, and host.',
  )
  for (const { code, method, host, count } of results) exposition.sample({ code, method, host }, count)
}
