import type { Unstructured } from '@k1s/apimachinery'

interface Defaulted {
  failurePolicy?: string
  matchConstraints?: DefaultedMatch
  matchResources?: DefaultedMatch
}

interface DefaultedMatch {
  matchPolicy?: string
  namespaceSelector?: object
  objectSelector?: object
  resourceRules?: { scope?: string }[]
  excludeResourceRules?: { scope?: string }[]
}

/** `SetDefaults_ValidatingAdmissionPolicySpec` and its like of `pkg/apis/admissionregistration/v1/defaults.go`. */
export function defaultPolicy(object: Unstructured): void {
  object.spec ??= {}
  const spec = object.spec as Defaulted
  spec.failurePolicy ??= 'Fail'
  defaultMatch(spec.matchConstraints)
}

export function defaultBinding(object: Unstructured): void {
  defaultMatch((object.spec as Defaulted | undefined)?.matchResources)
}

function defaultMatch(match: DefaultedMatch | undefined): void {
  if (match === undefined) return
  match.matchPolicy ??= 'Equivalent'
  match.namespaceSelector ??= {}
  match.objectSelector ??= {}
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])])
    rule.scope ??= '*'
}
