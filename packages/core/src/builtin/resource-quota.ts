import type { Unstructured } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

/** Quantities by resource name: `v1.ResourceList`. */
export interface ResourceList {
  [resource: string]: string
}

export interface ScopeRequirement {
  scopeName: string
  operator: string
  values?: string[]
}

export interface ResourceQuota extends Unstructured {
  spec?: {
    hard?: ResourceList
    scopes?: string[]
    scopeSelector?: { matchExpressions?: ScopeRequirement[] }
  }
  status?: { hard?: ResourceList; used?: ResourceList }
}

/** `k8s.io/kubernetes/pkg/registry/core/resourcequota`. What enforces quotas and counts is in `../quota`. */
export const resourceQuotaDefinition: ResourceDefinition = {
  ...defineBuiltin({
    group: '',
    kind: 'ResourceQuota',
    plural: 'resourcequotas',
    shortNames: ['quota'],
    scope: 'Namespaced',
    statusSubresource: true,
    printerColumns: [
      nameColumn,
      column('Request', 'string', (object) => usage(object as ResourceQuota, (name) => !isLimit(name))),
      column('Limit', 'string', (object) => usage(object as ResourceQuota, isLimit)),
      ageColumn,
    ],
    struct: () => import('./types/resource-quota.ts').then((types) => types.resourceQuota),
    strategy: {},
  }),
  loadStrategy: () => import('./resource-quota-strategy.ts').then((module) => module.resourceQuotaStrategy),
}

function isLimit(name: string): boolean {
  return name.startsWith('limits.')
}

/** `printResourceQuota` of `k8s.io/kubernetes/pkg/printers/internalversion`: `configmaps: 2/10, secrets: 0/5`. */
function usage({ status = {} }: ResourceQuota, isShown: (name: string) => boolean): string {
  const { hard = {}, used = {} } = status
  return Object.keys(hard)
    .filter(isShown)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ')
}
