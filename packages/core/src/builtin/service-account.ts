import type { Unstructured } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

interface ServiceAccount extends Unstructured {
  secrets?: unknown[]
}

/** `k8s.io/kubernetes/pkg/registry/core/serviceaccount`. */
export const serviceAccountDefinition: ResourceDefinition = defineBuiltin({
  group: '',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  scope: 'Namespaced',
  printerColumns: [
    nameColumn,
    column('Secrets', 'integer', (object) => ((object as ServiceAccount).secrets ?? []).length),
    ageColumn,
  ],
  struct: () => import('./types/service-account.ts').then((types) => types.serviceAccount),
  strategy: {},
})
