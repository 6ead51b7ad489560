import { formatFieldError, formatFieldErrors, type Unstructured } from '@k1s/apimachinery'
import { describe, expect, test } from 'vitest'
import {
  mutatingAdmissionPolicyBindingStrategy,
  mutatingAdmissionPolicyStrategy,
  validatingAdmissionPolicyBindingStrategy,
  validatingAdmissionPolicyStrategy,
} from '../../builtin/admission-policy-strategies.ts'
import type { ResourceStrategy } from '../../resource-definition.ts'
import texts from './policy-texts.json' with { type: 'json' }

const strategies: { readonly [kind: string]: ResourceStrategy } = {
  ValidatingAdmissionPolicy: validatingAdmissionPolicyStrategy,
  ValidatingAdmissionPolicyBinding: validatingAdmissionPolicyBindingStrategy,
  MutatingAdmissionPolicy: mutatingAdmissionPolicyStrategy,
  MutatingAdmissionPolicyBinding: mutatingAdmissionPolicyBindingStrategy,
}

// The texts are those of Kubernetes 1.36.
describe('an object is refused with what Kubernetes says of it', () => {
  test.each(
    texts.map(({ object, errors }) => ({
      name: `${object.kind}: ${errors[0] ?? 'accepted'}`,
      object,
      errors,
    })),
  )('$name', ({ object, errors }) => {
    const copy = structuredClone(object) as unknown as Unstructured
    const strategy = strategies[object.kind]!
    strategy.applyDefaults!(copy)
    expect(strategy.validate!(copy).map(formatFieldError)).toEqual(errors)
  })

  test('where it asks an authorizer, of which there is none', () => {
    const expression = "authorizer.path('/healthz').check('get').allowed()"
    const spec = { matchConstraints: { resourceRules: [] }, validations: [{ expression }] }
    const policy = { apiVersion: '', kind: '', metadata: { name: 'policy' }, spec }
    expect(formatFieldErrors(validatingAdmissionPolicyStrategy.validate!(policy))).toContain(
      "spec.validations[0].expression: Invalid value: \"authorizer.path('/healthz').check('get').allowed()\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'authorizer'",
    )
  })
})
