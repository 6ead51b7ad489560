import { newForbidden, parseQuantity } from '@k1s/apimachinery'
import type { ResourceList, ResourceQuota } from '../builtin/resource-quota.ts'
import { countNames } from './object-count.ts'
import { hasScopes } from './scopes.ts'

/** The names of `status.hard` that a new object of a resource takes from; none where a scope does not match it. */
export function chargedNames(quota: ResourceQuota, resource: string): readonly string[] {
  const hard = quota.status?.hard
  if (hard === undefined || hasScopes(quota)) return none
  return countNames(resource).filter((name) => hard[name] !== undefined)
}

const none: readonly string[] = []

/** What would be used after `change` objects more. */
export function usedAfter(quota: ResourceQuota, names: readonly string[], change: number): ResourceList {
  const used = { ...quota.status?.used }
  for (const name of names) used[name] = String(Math.max(0, countOf(used[name]) + change))
  return used
}

function countOf(quantity: string | undefined): number {
  return Number(parseQuantity(quantity ?? '0').value())
}

export interface QuotaRequest {
  readonly group: string
  /** The plural name. */
  readonly resource: string
  readonly name: string
}

/** Forbidden if `used` is more than the quota allows: `CheckRequest` of `k8s.io/apiserver`'s resource quota plugin. */
export function checkQuota(
  quota: ResourceQuota,
  names: readonly string[],
  used: ResourceList,
  { group, resource, name }: QuotaRequest,
): void {
  const hard = quota.status?.hard ?? {}
  const isOver = (limit: string) => parseQuantity(used[limit]!).compare(parseQuantity(hard[limit]!)) > 0
  const exceeded = names.filter(isOver).sort()
  if (exceeded.length === 0) return
  const before = quota.status?.used ?? {}
  const print = (value: (limit: string) => string) =>
    exceeded.map((limit) => `${limit}=${value(limit)}`).join(',')
  throw newForbidden(
    { group, resource },
    name,
    `exceeded quota: ${quota.metadata.name}, requested: ${print(() => '1')}, used: ${print((limit) => before[limit] ?? '0')}, limited: ${print((limit) => hard[limit]!)}`,
  )
}
