import type { MutatingAdmissionPolicy } from '../admission/policy/policy-types.ts'
import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'
import { bindingColumns, paramKindColumn } from './validating-admission-policy.ts'

const group = 'admissionregistration.k8s.io'

const loadStrategies = () => import('./admission-policy-strategies.ts')

/** Both are served as v1beta1 too, whose types are the same. */
function withBeta(definition: ResourceDefinition): ResourceDefinition {
  const [v1] = definition.versions
  return { ...definition, versions: [v1!, { ...v1!, name: 'v1beta1' }] }
}

/** `k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicy`. */
export const mutatingAdmissionPolicyDefinition: ResourceDefinition = {
  ...withBeta(
    defineBuiltin({
      group,
      kind: 'MutatingAdmissionPolicy',
      plural: 'mutatingadmissionpolicies',
      categories: ['api-extensions'],
      scope: 'Cluster',
      printerColumns: [
        nameColumn,
        column(
          'Mutations',
          'integer',
          (object) => ((object as MutatingAdmissionPolicy).spec?.mutations ?? []).length,
        ),
        paramKindColumn,
        ageColumn,
      ],
      struct: () => import('./types/admission-policies.ts').then((types) => types.mutatingAdmissionPolicy),
      strategy: { allowUnconditionalUpdate: false },
    }),
  ),
  loadStrategy: () => loadStrategies().then((module) => module.mutatingAdmissionPolicyStrategy),
}

/** `k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicybinding`. */
export const mutatingAdmissionPolicyBindingDefinition: ResourceDefinition = {
  ...withBeta(
    defineBuiltin({
      group,
      kind: 'MutatingAdmissionPolicyBinding',
      plural: 'mutatingadmissionpolicybindings',
      categories: ['api-extensions'],
      scope: 'Cluster',
      printerColumns: bindingColumns,
      struct: () =>
        import('./types/admission-policies.ts').then((types) => types.mutatingAdmissionPolicyBinding),
      strategy: { allowUnconditionalUpdate: false },
    }),
  ),
  loadStrategy: () => loadStrategies().then((module) => module.mutatingAdmissionPolicyBindingStrategy),
}
