import { type FieldError, fieldError, nameIsDNSLabel, type Unstructured } from '@k1s/apimachinery'
import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

/** The label that carries a namespace's name, for selectors of namespaces. */
const nameLabel = 'kubernetes.io/metadata.name'

interface Namespace extends Unstructured {
  spec?: { finalizers?: string[] }
  status?: { phase?: string; conditions?: unknown[] }
}

/** `k8s.io/kubernetes/pkg/registry/core/namespace`. */
export const namespaceDefinition: ResourceDefinition = defineBuiltin({
  group: '',
  kind: 'Namespace',
  plural: 'namespaces',
  unsupportedVerbs: ['deletecollection'],
  shortNames: ['ns'],
  scope: 'Cluster',
  statusSubresource: true,
  printerColumns: [
    nameColumn,
    column('Status', 'string', (object) => (object as Namespace).status?.phase ?? ''),
    ageColumn,
  ],
  struct: () => import('./types/namespace.ts').then((types) => types.namespace),
  strategy: {
    nameRule: nameIsDNSLabel,
    applyDefaults(object) {
      const { name } = object.metadata
      if (name) object.metadata.labels = { ...object.metadata.labels, [nameLabel]: name }
    },
    prepareForCreate(object: Namespace) {
      const finalizers = object.spec?.finalizers ?? []
      object.spec = {
        finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
      }
      object.status = { phase: 'Active' }
    },
    prepareForUpdate(object: Namespace, old: Namespace) {
      object.spec = { ...object.spec, finalizers: old.spec?.finalizers ?? [] }
    },
    validateUpdate: validatePhase,
    selectableFields: {
      'status.phase': (object) => (object as Namespace).status?.phase ?? '',
      // Kept by Kubernetes since somebody may use it.
      name: (object) => object.metadata.name ?? '',
    },
  },
})

/** `ValidateNamespaceStatusUpdate` of `k8s.io/kubernetes/pkg/apis/core/validation`. */
function validatePhase({ metadata, status }: Namespace): FieldError[] {
  const isDeleted = metadata.deletionTimestamp !== undefined
  const wanted = isDeleted ? 'Terminating' : 'Active'
  const phase = status?.phase ?? ''
  if (phase === wanted) return []
  const why = `may only be '${wanted}' if \`deletionTimestamp\` is ${isDeleted ? 'not ' : ''}empty`
  return [fieldError.invalid('status.Phase', phase, why)]
}
