import { newUnauthorized } from '@k1s/apimachinery'
import type { Authenticator } from '../authenticator.ts'
import type { HttpFilter } from '../exchange.ts'

/**
 * Lets nobody through who is not known: 401 Unauthorized. Paths that `isPublic` names are for everybody, as those of
 * `system:public-info-viewer` are in Kubernetes.
 */
export function withAuthentication(
  authenticate: Authenticator,
  isPublic: (path: string) => boolean,
): HttpFilter {
  return (next) => async (exchange) => {
    const found = authenticate(exchange.request)
    exchange.user = found instanceof Promise ? await found : found
    if (exchange.user === undefined && !isPublic(exchange.path)) throw newUnauthorized('Unauthorized')
    return next(exchange)
  }
}
