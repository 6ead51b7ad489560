/** Quotas as `k8s.io/kubectl/pkg/describe/describe.go` shows them, by themselves and below their namespace. */
import { newQuantity, parseQuantity, type Unstructured } from '@k1s/apimachinery'
import type { Description } from './description.ts'

interface ResourceList {
  readonly [name: string]: string
}

interface ResourceQuota {
  readonly metadata: { readonly name?: string; readonly namespace?: string }
  readonly spec?: { readonly scopes?: readonly string[] }
  readonly status?: { readonly hard?: ResourceList; readonly used?: ResourceList }
}

const scopeTexts: { readonly [scope: string]: string } = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

export function describeResourceQuota(description: Description, object: Unstructured): void {
  const quota = object as ResourceQuota
  description.line(`Name:\t${quota.metadata.name ?? ''}`)
  description.line(`Namespace:\t${quota.metadata.namespace ?? ''}`)
  describeScopes(description, quota, 0, ' * ')
  description.line('Resource\tUsed\tHard')
  description.line('--------\t----\t----')
  describeUsage(description, quota, 0, inFormatOfHard)
}

export function describeResourceQuotas(description: Description, quotas: readonly Unstructured[]): void {
  if (quotas.length === 0) {
    description.line('No resource quota.')
    return
  }
  description.line('Resource Quotas')
  const sorted = quotas.toSorted((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
  for (const object of sorted) {
    const quota = object as ResourceQuota
    description.line(`Name:\t${quota.metadata.name ?? ''}`, 1)
    describeScopes(description, quota, 1, '* ')
    description.line('Resource\tUsed\tHard', 1)
    description.line('--------\t---\t---', 1)
    describeUsage(description, quota, 1, (used) => used)
  }
}

function describeScopes(
  description: Description,
  { spec }: ResourceQuota,
  level: number,
  bullet: string,
): void {
  const scopes = [...(spec?.scopes ?? [])].sort()
  if (scopes.length === 0) return
  description.line(`Scopes:\t${scopes.join(', ')}`, level)
  for (const scope of scopes) {
    const text = Object.hasOwn(scopeTexts, scope) ? scopeTexts[scope] : undefined
    if (text !== undefined) description.line(`${bullet}${text}`, level)
  }
}

function describeUsage(
  description: Description,
  { status }: ResourceQuota,
  level: number,
  format: (used: string, hard: string) => string,
): void {
  const { hard = {}, used = {} } = status ?? {}
  for (const name of Object.keys(hard).sort()) {
    const limit = hard[name]!
    description.line(`${name}\t${format(used[name] ?? '0', limit)}\t${limit}`, level)
  }
}

function inFormatOfHard(used: string, hard: string): string {
  const quantity = parseQuantity(used)
  const { format } = parseQuantity(hard)
  return quantity.format === format ? used : newQuantity(quantity.value(), format).toString()
}
