import type { LabelSelector } from '@k1s/apimachinery'
import type { Policy, PolicyBinding, ValidatingAdmissionPolicy } from '../admission/policy/policy-types.ts'
import type { ResourceDefinition } from '../resource-definition.ts'
import { defineBuiltin } from './define-builtin.ts'
import { ageColumn, column, nameColumn } from './printer-column.ts'

const group = 'admissionregistration.k8s.io'
const unset = '<unset>'

/** How tables show where a policy takes its parameters from. */
export const paramKindColumn = column('ParamKind', 'string', (object) => {
  const { paramKind } = (object as Policy).spec ?? {}
  return paramKind === undefined ? unset : `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}`
})

/** What tables show of a binding. */
export const bindingColumns = [
  nameColumn,
  column('PolicyName', 'string', (object) => (object as PolicyBinding).spec?.policyName ?? ''),
  column('ParamRef', 'string', (object) => {
    const { name, namespace, selector } = (object as PolicyBinding).spec?.paramRef ?? {}
    if (name) return `${namespace || '*'}/${name}`
    return selector === undefined ? unset : formatGoSelector(selector)
  }),
  ageColumn,
]

/** `LabelSelector.String()` of Go. */
function formatGoSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((name) => `${name}: ${matchLabels[name]},`)
  const requirements = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  )
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${requirements.join('')}},}`
}

const loadStrategies = () => import('./admission-policy-strategies.ts')

/** `k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy`. */
export const validatingAdmissionPolicyDefinition: ResourceDefinition = {
  ...defineBuiltin({
    group,
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    categories: ['api-extensions'],
    scope: 'Cluster',
    statusSubresource: true,
    printerColumns: [
      nameColumn,
      column(
        'Validations',
        'integer',
        (object) => ((object as ValidatingAdmissionPolicy).spec?.validations ?? []).length,
      ),
      paramKindColumn,
      ageColumn,
    ],
    struct: () => import('./types/admission-policies.ts').then((types) => types.validatingAdmissionPolicy),
    strategy: { allowUnconditionalUpdate: false },
  }),
  loadStrategy: () => loadStrategies().then((module) => module.validatingAdmissionPolicyStrategy),
}

/** `k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding`. */
export const validatingAdmissionPolicyBindingDefinition: ResourceDefinition = {
  ...defineBuiltin({
    group,
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    categories: ['api-extensions'],
    scope: 'Cluster',
    printerColumns: bindingColumns,
    struct: () =>
      import('./types/admission-policies.ts').then((types) => types.validatingAdmissionPolicyBinding),
    strategy: { allowUnconditionalUpdate: false },
  }),
  loadStrategy: () => loadStrategies().then((module) => module.validatingAdmissionPolicyBindingStrategy),
}
