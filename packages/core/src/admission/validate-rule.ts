import { type FieldError, fieldError } from '@k1s/apimachinery'
import type { AdmissionRule } from './match-rules.ts'

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

/** `validateRuleWithOperations` of `k8s.io/kubernetes/pkg/apis/admissionregistration/validation`. */
export function validateRule(rule: AdmissionRule, path: string): FieldError[] {
  const { apiGroups = [], apiVersions = [], resources = [], scope } = rule as Partial<AdmissionRule>
  return [
    ...validateOperations(rule.operations ?? [], `${path}.operations`),
    ...required(apiGroups, `${path}.apiGroups`),
    ...aloneIfAll(apiGroups, `${path}.apiGroups`, 'API groups'),
    ...required(apiVersions, `${path}.apiVersions`),
    ...aloneIfAll(apiVersions, `${path}.apiVersions`, 'API versions'),
    ...apiVersions.flatMap((version, index) =>
      version === '' ? [fieldError.required(`${path}.apiVersions[${index}]`, '')] : [],
    ),
    ...validateResources(resources, `${path}.resources`),
    ...(scope === undefined || scopes.includes(scope)
      ? []
      : [fieldError.notSupported(`${path}.scope`, scope, scopes)]),
  ]
}

function validateOperations(given: readonly string[], path: string): FieldError[] {
  return [
    ...required(given, path),
    ...aloneIfAll(given, path, 'operations'),
    ...given.flatMap((operation, index) =>
      operations.includes(operation)
        ? []
        : [fieldError.notSupported(`${path}[${index}]`, operation, operations)],
    ),
  ]
}

function required(values: readonly string[], path: string): FieldError[] {
  return values.length === 0 ? [fieldError.required(path, '')] : []
}

function aloneIfAll(values: readonly string[], path: string, others: string): FieldError[] {
  if (values.length <= 1 || !values.includes('*')) return []
  return [fieldError.invalid(path, values, `if '*' is present, must not specify other ${others}`)]
}

function validateResources(resources: readonly string[], path: string): FieldError[] {
  const errors = required(resources, path)
  const wholeResources = new Set<string>()
  const wholeSubresources = new Set<string>()
  let hasPlain = false
  for (const [index, resource] of resources.entries()) {
    const at = `${path}[${index}]`
    if (resource === '') {
      errors.push(fieldError.required(at, ''))
      continue
    }
    const slash = resource.indexOf('/')
    if (slash < 0) {
      // As in Kubernetes, where the last one decides.
      hasPlain = resource !== '*'
      continue
    }
    const [name, subresource] = [resource.slice(0, slash), resource.slice(slash + 1)]
    const covered = (by: string) =>
      fieldError.invalid(at, resource, `if '${by}' is present, must not specify ${resource}`)
    if (wholeResources.has(name)) errors.push(covered(`${name}/*`))
    if (wholeSubresources.has(subresource)) errors.push(covered(`*/${subresource}`))
    if (subresource === '*') wholeResources.add(name)
    if (name === '*') wholeSubresources.add(subresource)
  }
  if (resources.length > 1 && resources.includes('*/*')) {
    const why = "if '*/*' is present, must not specify other resources"
    errors.push(fieldError.invalid(path, resources, why))
  }
  if (resources.includes('*') && hasPlain) {
    const why = "if '*' is present, must not specify other resources without subresources"
    errors.push(fieldError.invalid(path, resources, why))
  }
  return errors
}
