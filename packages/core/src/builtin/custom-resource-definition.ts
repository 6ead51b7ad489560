import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { column, nameColumn } from './printer-column.ts'

const builtin = defineBuiltin({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  scope: 'Cluster',
  statusSubresource: true,
  printerColumns: [
    nameColumn,
    column('Created At', 'string', (object) => object.metadata.creationTimestamp ?? ''),
  ],
  struct: () =>
    import('./types/custom-resource-definition.ts').then((types) => types.customResourceDefinition),
  strategy: { allowUnconditionalUpdate: false, tracksGeneration: true },
})

/**
 * `k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition`. The strategy is the largest of all and
 * loaded when a definition is written.
 */
export const customResourceDefinitionDefinition: ResourceDefinition = {
  ...builtin,
  loadStrategy: () =>
    import('./custom-resource-definition-strategy.ts').then(
      (module) => module.customResourceDefinitionStrategy,
    ),
}
