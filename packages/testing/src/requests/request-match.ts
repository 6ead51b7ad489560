import { type FieldsOf, formatGroupResource } from '@k1s/apimachinery'
import type { ApiRequest, ResourceKind, Verb } from '@k1s/core'

/** What can be asked of resources. `changes` is what a triggered run asks for in place of a watch. */
export type RequestVerb = Verb | 'changes'

const isVerb: { readonly [verb in RequestVerb]: true } = {
  get: true,
  list: true,
  watch: true,
  changes: true,
  create: true,
  update: true,
  patch: true,
  delete: true,
  deletecollection: true,
}

export const requestVerbs = Object.keys(isVerb) as readonly RequestVerb[]

/** Which requests are meant: those for which all that is set holds. */
export interface RequestMatch {
  readonly verb?: RequestVerb | readonly RequestVerb[]
  /**
   * A resource, such as `configmaps` or `items.inventory.k1s.dev`, or a kind. As in rules of RBAC, `items.inventory.k1s.dev/status`
   * is a subresource, which the resource without it does not mean; `items.inventory.k1s.dev/*` is the resource with all
   * of its subresources. A resource is to be known to the environment by then; a kind need not be.
   */
  readonly resource?: string | ResourceKind
  readonly namespace?: string
  readonly name?: string
  /** The name of the user who asks. */
  readonly user?: string
}

export const requestMatchFields: FieldsOf<RequestMatch> = {
  verb: true,
  resource: true,
  namespace: true,
  name: true,
  user: true,
}

/** What of a request is looked at. */
export interface MatchedRequest {
  readonly verb: RequestVerb
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly user: string
}

/** What a request is about. The name of what is to be created is that in its body. */
export function matchedRequest(request: ApiRequest, verb: RequestVerb = request.verb): MatchedRequest {
  const { group, resource, subresource, namespace, user, name = nameInBody(request) } = request
  return {
    verb,
    group,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    user: user.name,
  }
}

function nameInBody({ verb, body }: ApiRequest): string | undefined {
  if (verb !== 'create') return undefined
  const name = (body as { metadata?: { name?: unknown } } | undefined)?.metadata?.name
  return typeof name === 'string' && name !== '' ? name : undefined
}

export function matches(match: RequestMatch, request: MatchedRequest): boolean {
  return (
    (match.verb === undefined || [match.verb].flat().includes(request.verb)) &&
    (match.resource === undefined || meansResource(match.resource, request)) &&
    (match.namespace === undefined || match.namespace === request.namespace) &&
    (match.name === undefined || match.name === request.name) &&
    (match.user === undefined || match.user === request.user)
  )
}

function meansResource(wanted: string | ResourceKind, request: MatchedRequest): boolean {
  if (typeof wanted !== 'string') {
    return (
      wanted.plural === request.resource &&
      wanted.group === request.group &&
      request.subresource === undefined
    )
  }
  const [resource, subresource] = wanted.split('/')
  if (resource !== formatGroupResource(request)) return false
  return subresource === '*' || subresource === request.subresource
}
