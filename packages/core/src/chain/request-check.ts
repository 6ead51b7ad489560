import { fieldError, formatFieldErrors, isDNS1123Label, newBadRequest } from '@k1s/apimachinery'
import type { ApiRequest, RequestOptions } from '../request.ts'
import type { Filter } from './handler.ts'
import { checkOptions } from './options-check.ts'
import { problemOfSegment } from './path-segment.ts'

/**
 * Refuses requests whose tenant, namespace or name cannot be a segment of a path, before anything else looks at
 * them: what an HTTP server's path grammar does for its requests, for every door. So it does with options.
 */
export const requestCheck: Filter = (next) => (request) => {
  checkTenant(request.tenant)
  checkSegment('namespace', request.namespace)
  checkSegment('name', request.name)
  checkList(request)
  if (request.options.includeObject !== undefined) checkIncludeObject(request.options)
  checkOptions(request)
  return next(request)
}

const plainTenant = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

function checkTenant(tenant: string): void {
  if (plainTenant.test(tenant)) return
  const problems = isDNS1123Label(tenant)
  throw newBadRequest(`invalid tenant ${JSON.stringify(tenant.slice(0, 300))}: ${problems.join('; ')}`)
}

const plainSegment = /^[-a-z0-9.]+$/

function checkSegment(what: 'namespace' | 'name', segment: string | undefined): void {
  if (segment === undefined || (plainSegment.test(segment) && segment !== '.' && segment !== '..')) return
  const problem = problemOfSegment(segment)
  if (problem !== undefined) {
    throw newBadRequest(`invalid ${what} ${JSON.stringify(segment.slice(0, 300))}: ${problem}`)
  }
}

const policies: ReadonlySet<unknown> = new Set(['None', 'Metadata', 'Object', '', undefined])

/** `optionsForTransform` of `k8s.io/apiserver/pkg/endpoints/handlers/response.go`. */
function checkIncludeObject({ includeObject }: RequestOptions): void {
  if (policies.has(includeObject)) return
  const error = fieldError.invalid(
    'includeObject',
    includeObject,
    "must be 'Metadata', 'Object', 'None', or empty",
  )
  throw newBadRequest(`Unable to convert to Table as requested: ${formatFieldErrors([error])}`)
}

function checkList({ options, verb }: ApiRequest): void {
  if (options.limit !== undefined && !Number.isInteger(options.limit)) {
    throw newBadRequest(`limit: Invalid value: ${options.limit}: must be a whole number`)
  }
  if (verb === 'list' && options.continue && options.resourceVersion && options.resourceVersion !== '0') {
    throw newBadRequest('specifying resource version is not allowed when using continue')
  }
}
