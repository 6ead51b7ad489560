import { type FieldError, fieldError, isQualifiedName, keyPath, parseQuantity } from '@k1s/apimachinery'
import { isScopeFor, isStandardScope } from '../quota/scopes.ts'
import {
  isIntegerResource,
  isStandardQuotaResource,
  isStandardResource,
} from '../quota/standard-resources.ts'
import type { ResourceList, ResourceQuota, ScopeRequirement } from './resource-quota.ts'

/** `ValidateResourceQuota` of `k8s.io/kubernetes/pkg/apis/core/validation`. */
export function validateResourceQuota(quota: ResourceQuota): FieldError[] {
  const { hard, used } = quota.status ?? {}
  return [
    ...validateHard(quota),
    ...validateScopes(quota),
    ...validateScopeSelector(quota),
    ...validateList(hard, 'status.hard'),
    ...validateList(used, 'status.used'),
  ]
}

/** `ValidateResourceQuotaUpdate`: scopes stay what they are. */
export function validateResourceQuotaUpdate(quota: ResourceQuota, old: ResourceQuota): FieldError[] {
  const errors = validateResourceQuota(quota)
  const scopes = new Set(quota.spec?.scopes)
  const oldScopes = new Set(old.spec?.scopes)
  if (scopes.size !== oldScopes.size || ![...scopes].every((scope) => oldScopes.has(scope))) {
    errors.push(fieldError.invalid('spec.scopes', quota.spec?.scopes ?? null, 'field is immutable'))
  }
  return errors
}

function validateHard({ spec }: ResourceQuota): FieldError[] {
  return validateList(spec?.hard, 'spec.hard')
}

function validateList(list: ResourceList = {}, path: string): FieldError[] {
  return Object.keys(list)
    .sort()
    .flatMap((name) => {
      const at = keyPath(path, name)
      return [...validateName(name, at), ...validateQuantity(name, list[name]!, at)]
    })
}

function validateName(name: string, path: string): FieldError[] {
  const errors = isQualifiedName(name).map((message) => fieldError.invalid(path, name, message))
  if (name.includes('/')) return errors
  if (errors.length === 0 && !isStandardResource(name)) {
    errors.push(fieldError.invalid(path, name, 'must be a standard resource type or fully qualified'))
  }
  if (!isStandardQuotaResource(name)) {
    errors.push(fieldError.invalid(path, name, 'must be a standard resource for quota'))
  }
  return errors
}

function validateQuantity(name: string, text: string, path: string): FieldError[] {
  const quantity = parseQuantity(text)
  const errors: FieldError[] = []
  if (quantity.sign < 0) {
    errors.push(fieldError.invalid(path, text, 'must be greater than or equal to 0'))
  }
  if (isIntegerResource(name) && quantity.milliValue() % 1000n !== 0n) {
    errors.push(fieldError.invalid(path, text, 'must be an integer'))
  }
  return errors
}

const conflictingScopes = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

function validateScopes({ spec = {} }: ResourceQuota): FieldError[] {
  const { scopes = [] } = spec
  const invalid = (why: string) => fieldError.invalid('spec.scopes', scopes, why)
  const errors = scopes.flatMap((scope) => [
    ...(isStandardScope(scope) ? [] : [invalid('unsupported scope')]),
    ...unscopable(spec.hard, scope).map(() => invalid('unsupported scope applied to resource')),
  ])
  return [...errors, ...conflicts(scopes).map(() => invalid('conflicting scopes'))]
}

function unscopable(hard: ResourceList = {}, scope: string): string[] {
  return Object.keys(hard).filter((name) => isStandardQuotaResource(name) && !isScopeFor(scope, name))
}

function conflicts(scopes: readonly string[]) {
  return conflictingScopes.filter(([one, other]) => scopes.includes(one) && scopes.includes(other))
}

function validateScopeSelector({ spec = {} }: ResourceQuota): FieldError[] {
  const { scopeSelector, scopes } = spec
  if (scopeSelector === undefined) return []
  const path = 'spec.scopeSelector.matchExpressions'
  const { matchExpressions = [] } = scopeSelector
  const errors = matchExpressions.flatMap((requirement) => [
    ...(isStandardScope(requirement.scopeName)
      ? []
      : [fieldError.invalid(`${path}.scopeName`, requirement.scopeName, 'unsupported scope')]),
    ...unscopable(spec.hard, requirement.scopeName).map(() =>
      fieldError.invalid(path, scopeSelector, 'unsupported scope applied to resource'),
    ),
    ...validateRequirement(requirement, path),
  ])
  const named = matchExpressions.map(({ scopeName }) => scopeName)
  return [
    ...errors,
    ...conflicts(named).map(() => fieldError.invalid(path, scopes ?? null, 'conflicting scopes')),
  ]
}

const existsOnly = new Set([
  'BestEffort',
  'NotBestEffort',
  'Terminating',
  'NotTerminating',
  'CrossNamespacePodAffinity',
])

function validateRequirement({ scopeName, operator, values = [] }: ScopeRequirement, path: string) {
  const errors: FieldError[] = []
  if (existsOnly.has(scopeName) && operator !== 'Exists') {
    const why =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
    errors.push(fieldError.invalid(`${path}.operator`, operator, why))
  }
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
    if (values.length === 0) errors.push(fieldError.required(`${path}.values`, why))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
    if (values.length > 0) errors.push(fieldError.invalid(`${path}.values`, values, why))
  } else {
    errors.push(fieldError.invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  }
  return errors
}
