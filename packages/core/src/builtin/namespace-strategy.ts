import { type FieldError, fieldError, isQualifiedName, nameIsDNSLabel } from '@k1s/apimachinery'
import { kubeFinalizerName } from '../registry-store/finalizer-names.ts'
import type { ResourceStrategy } from '../resource-definition.ts'
import { type Namespace, namespaceDefinition } from './namespace.ts'

/** The label that carries a namespace's name, for selectors of namespaces. */
const nameLabel = 'kubernetes.io/metadata.name'

/** `strategy.go` of `k8s.io/kubernetes/pkg/registry/core/namespace`. */
export const namespaceStrategy: ResourceStrategy = {
  ...namespaceDefinition.strategy,
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
  validate: (object: Namespace) =>
    finalizersOf(object).flatMap((name) => finalizerErrors(name, 'spec.finalizers')),
  validateUpdate: (object: Namespace) => [
    ...phaseErrors(object),
    ...finalizersOf(object).flatMap((name, index) => finalizerErrors(name, `spec.finalizers[${index}]`)),
  ],
}

function finalizersOf({ spec }: Namespace): readonly string[] {
  return spec?.finalizers ?? []
}

/** `validateFinalizerName` of `k8s.io/kubernetes/pkg/apis/core/validation`. */
function finalizerErrors(name: string, path: string): FieldError[] {
  const problems = [...isQualifiedName(name), ...kubeFinalizerName(name)]
  return problems.map((problem) => fieldError.invalid(path, name, problem))
}

/** `ValidateNamespaceStatusUpdate` of `k8s.io/kubernetes/pkg/apis/core/validation`. */
function phaseErrors({ metadata, status }: Namespace): FieldError[] {
  const isDeleted = metadata.deletionTimestamp !== undefined
  const wanted = isDeleted ? 'Terminating' : 'Active'
  const phase = status?.phase ?? ''
  if (phase === wanted) return []
  const why = `may only be '${wanted}' if \`deletionTimestamp\` is ${isDeleted ? 'not ' : ''}empty`
  return [fieldError.invalid('status.Phase', phase, why)]
}
