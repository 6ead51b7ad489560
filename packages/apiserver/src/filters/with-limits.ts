import { newTooManyRequests } from '@k1s/apimachinery'
import { isPublicHealthPath } from '../endpoints/health.ts'
import type { Exchange, HttpFilter } from '../exchange.ts'
import type { Limits } from '../limits.ts'
import { isTrue } from '../request-info/request-info.ts'

type Kind = 'reads' | 'writes' | 'watches'

/**
 * Bounds how many requests are answered at the same time, with 429 and Retry-After for one too many:
 * `k8s.io/apiserver/pkg/server/filters/maxinflight.go`, and a bound for watches. A server under load is no sick one:
 * probes are exempt, as in Kubernetes.
 */
export function withLimits(limits: Limits): HttpFilter {
  const most = { reads: limits.readsInFlight, writes: limits.writesInFlight, watches: limits.watches }
  const current = { reads: 0, writes: 0, watches: 0 }
  return (next) => async (exchange) => {
    if (isPublicHealthPath(exchange.path)) return next(exchange)
    const kind = kindOf(exchange)
    if (current[kind] >= most[kind]) {
      throw newTooManyRequests('Too many requests, please try again later.', 1)
    }
    current[kind]++
    try {
      await next(exchange)
    } finally {
      current[kind]--
    }
  }
}

export function kindOf({ method, query, path }: Exchange): Kind {
  if (method !== 'GET' && method !== 'HEAD') return 'writes'
  return isTrue(query.get('watch')) || path.includes('/watch/') ? 'watches' : 'reads'
}
