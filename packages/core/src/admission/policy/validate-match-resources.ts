import { type FieldError, fieldError, isValidPathSegmentName } from '@k1s/apimachinery'
import type { MatchResources, NamedAdmissionRule } from '../match-resources.ts'
import { validateRule } from '../validate-rule.ts'
import { validateLabelSelector } from './validate-label-selector.ts'

const matchPolicies = ['Equivalent', 'Exact']

/** `validateMatchResources` of `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`. */
export function validateMatchResources(meant: MatchResources, path: string): FieldError[] {
  const { matchPolicy, namespaceSelector = {}, objectSelector = {} } = meant
  const { resourceRules = [], excludeResourceRules = [] } = meant
  return [
    ...oneOf(matchPolicy, matchPolicies, `${path}.matchPolicy`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(objectSelector, `${path}.objectSelector`),
    ...resourceRules.flatMap((rule, index) => validateNamedRule(rule, `${path}.resourceRules[${index}]`)),
    ...excludeResourceRules.flatMap((rule, index) =>
      validateNamedRule(rule, `${path}.excludeResourceRules[${index}]`),
    ),
  ]
}

function validateNamedRule(rule: NamedAdmissionRule, path: string): FieldError[] {
  const names = rule.resourceNames ?? []
  const errors = names.flatMap((name, index) => {
    const at = `${path}.resourceNames[${index}]`
    return [
      ...isValidPathSegmentName(name).map((problem) => fieldError.invalid(at, name, problem)),
      ...(names.indexOf(name) < index ? [fieldError.duplicate(at, name)] : []),
    ]
  })
  return [...errors, ...validateRule(rule, path)]
}

/** Only creates and updates can be mutated. */
const mutatingOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE']

/** What MutatingAdmissionPolicies and their bindings may not match. */
export function validateMutatingOperations(meant: MatchResources, path: string): FieldError[] {
  const operations = (meant.resourceRules ?? []).flatMap((rule) => rule.operations ?? [])
  return operations
    .filter((operation) => !mutatingOperations.includes(operation))
    .map((operation) =>
      fieldError.notSupported(`${path}.resourceRules.operations`, operation, mutatingOperations),
    )
}

/** A field that must have one of a few values. */
export function oneOf(value: string | undefined, supported: readonly string[], path: string): FieldError[] {
  if (value === undefined) return [fieldError.required(path, '')]
  return supported.includes(value) ? [] : [fieldError.notSupported(path, value, supported)]
}
