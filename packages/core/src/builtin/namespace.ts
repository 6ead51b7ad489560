import type { Unstructured } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

export interface Namespace extends Unstructured {
  spec?: { finalizers?: string[] }
  status?: { phase?: string; conditions?: unknown[] }
}

/** `k8s.io/kubernetes/pkg/registry/core/namespace`. */
export const namespaceDefinition: ResourceDefinition = {
  ...defineBuiltin({
    group: '',
    kind: 'Namespace',
    plural: 'namespaces',
    unsupportedVerbs: ['deletecollection'],
    shortNames: ['ns'],
    scope: 'Cluster',
    statusSubresource: true,
    finalizeSubresource: true,
    printerColumns: [
      nameColumn,
      column('Status', 'string', (object) => (object as Namespace).status?.phase ?? ''),
      ageColumn,
    ],
    struct: () => import('./types/namespace.ts').then((types) => types.namespace),
    strategy: {
      selectableFields: {
        'status.phase': (object) => (object as Namespace).status?.phase ?? '',
        // Kept by Kubernetes since somebody may use it.
        name: (object) => object.metadata.name ?? '',
      },
    },
  }),
  loadStrategy: () => import('./namespace-strategy.ts').then((module) => module.namespaceStrategy),
}
