import { isDNS1123Label, newBadRequest } from '@k1s/apimachinery'
import type { HttpFilter } from '../exchange.ts'

/** Refuses a prefix `/tenants/NAME` whose name is none: BadRequest, before any endpoint sees it. */
export const withTenant: HttpFilter = (next) => (exchange) => {
  const problems = isDNS1123Label(exchange.tenant)
  if (problems.length === 0) return next(exchange)
  const shown = JSON.stringify(exchange.tenant.slice(0, 300))
  throw newBadRequest(`invalid tenant ${shown}: ${problems.join('; ')}`)
}
