import type { Unstructured } from '@k1s/apimachinery'
import { defaultBinding, defaultPolicy } from '../admission/policy/default-policy.ts'
import { validateMutatingBinding, validateValidatingBinding } from '../admission/policy/validate-binding.ts'
import { validateMutatingPolicy } from '../admission/policy/validate-mutating-policy.ts'
import { staticNameWarnings } from '../admission/policy/validate-policy.ts'
import { validateValidatingPolicy } from '../admission/policy/validate-validating-policy.ts'
import type { ResourceStrategy } from '../resource-definition.ts'

const every: ResourceStrategy = {
  allowUnconditionalUpdate: false,
  tracksGeneration: true,
  warnings: ({ metadata }: Unstructured) => staticNameWarnings(metadata.name),
}

/** The strategies of `k8s.io/kubernetes/pkg/registry/admissionregistration`, which compile what they validate. */
export const validatingAdmissionPolicyStrategy: ResourceStrategy = {
  ...every,
  applyDefaults: defaultPolicy,
  validate: (object) => validateValidatingPolicy(object),
  validateUpdate: validateValidatingPolicy,
}

export const validatingAdmissionPolicyBindingStrategy: ResourceStrategy = {
  ...every,
  applyDefaults: defaultBinding,
  validate: validateValidatingBinding,
}

export const mutatingAdmissionPolicyStrategy: ResourceStrategy = {
  ...every,
  applyDefaults: defaultPolicy,
  validate: (object) => validateMutatingPolicy(object),
  validateUpdate: validateMutatingPolicy,
}

export const mutatingAdmissionPolicyBindingStrategy: ResourceStrategy = {
  ...every,
  applyDefaults: defaultBinding,
  validate: validateMutatingBinding,
}
