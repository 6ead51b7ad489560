import type { IncomingMessage } from 'node:http'
import { newBadRequest, newForbidden } from '@k1s/apimachinery'
import type { UserInfo } from '@k1s/core'
import type { HttpFilter } from '../exchange.ts'

const userHeader = 'impersonate-user'
const groupHeader = 'impersonate-group'
const uidHeader = 'impersonate-uid'
const extraPrefix = 'impersonate-extra-'

/**
 * Answers for another user when `Impersonate-…` headers ask for it: `k8s.io/apiserver/pkg/endpoints/filters/impersonation`.
 * Members of `system:masters` may do so; Forbidden for everybody else.
 */
export const withImpersonation: HttpFilter = (next) => (exchange) => {
  const wanted = impersonatedUser(exchange.request)
  if (wanted !== undefined && exchange.user !== undefined) {
    if (exchange.user.groups?.includes('system:masters') !== true) throw forbidden(exchange.user, wanted)
    exchange.user = wanted
  }
  return next(exchange)
}

function impersonatedUser(request: IncomingMessage): UserInfo | undefined {
  if (!asksForAnother(request)) return undefined
  const headers = request.headersDistinct
  const name = headers[userHeader]?.[0]
  const groups = headers[groupHeader] ?? []
  const uid = headers[uidHeader]?.[0]
  const extra = extraOf(headers)
  if (!name) {
    const others = [...groups, ...Object.keys(extra), ...(uid ? [uid] : [])]
    if (others.length === 0) return undefined
    throw newBadRequest(`requested [${others.join(' ')}] without impersonating a user`)
  }
  return {
    name,
    groups: withSystemGroup(name, groups.length > 0 ? groups : groupsOfServiceAccount(name)),
    ...(uid && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  }
}

function asksForAnother({ headers }: IncomingMessage): boolean {
  for (const name in headers) if (name.startsWith('impersonate-')) return true
  return false
}

function extraOf(headers: NodeJS.Dict<string[]>): { [key: string]: readonly string[] } {
  const extra: { [key: string]: readonly string[] } = Object.create(null)
  for (const [header, values = []] of Object.entries(headers)) {
    if (header.startsWith(extraPrefix)) extra[unescapeKey(header.slice(extraPrefix.length))] = values
  }
  return extra
}

function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** `system:serviceaccount:NAMESPACE:NAME` is in groups that follow from its name. */
function groupsOfServiceAccount(name: string): readonly string[] {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)?.[1]
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
}

function withSystemGroup(name: string, groups: readonly string[]): readonly string[] {
  const isAnonymous = name === 'system:anonymous'
  const given = isAnonymous ? ['system:unauthenticated'] : ['system:authenticated', 'system:unauthenticated']
  if (given.some((group) => groups.includes(group))) return groups
  return [...groups, given[0]!]
}

function forbidden(user: UserInfo, { name }: UserInfo) {
  return newForbidden(
    { group: '', resource: 'users' },
    name,
    `User ${JSON.stringify(user.name)} cannot impersonate resource "users" in API group "" at the cluster scope`,
  )
}
