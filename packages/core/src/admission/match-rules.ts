import type { AdmissionAttributes, AdmissionOperation } from './admission.ts'

/** Which requests are meant: `RuleWithOperations` of `admissionregistration.k8s.io/v1`. */
export interface AdmissionRule {
  /** `*` is all, `''` the core group. */
  readonly apiGroups: readonly string[]
  /** `*` is all. */
  readonly apiVersions: readonly string[]
  /** Plural names, those of subresources as `items/status`. `*` is every resource without its subresources. */
  readonly resources: readonly string[]
  readonly operations: readonly (AdmissionOperation | 'CONNECT' | '*')[]
  /** Default: `*`. */
  readonly scope?: 'Cluster' | 'Namespaced' | '*'
}

/** A resource of one version, as a request or a rule names it. */
export interface VersionedResource {
  readonly group: string
  readonly version: string
  readonly resource: string
}

/**
 * Whether a request is meant by a rule, if it is taken as one for `resource`: `rules.Matcher` of
 * `k8s.io/apiserver/pkg/admission/plugin/webhook/predicates/rules`.
 */
export function ruleMatches(
  rule: AdmissionRule,
  attributes: AdmissionAttributes,
  resource: VersionedResource,
): boolean {
  return (
    scopeMatches(rule, attributes, resource) &&
    isMeant(rule.operations, attributes.operation) &&
    isMeant(rule.apiGroups, resource.group) &&
    isMeant(rule.apiVersions, resource.version) &&
    rule.resources.some((named) => resourceMatches(named, resource.resource, attributes.subresource ?? ''))
  )
}

function isMeant(names: readonly string[], name: string): boolean {
  return names.includes('*') || names.includes(name)
}

function scopeMatches(
  { scope = '*' }: AdmissionRule,
  { namespace }: AdmissionAttributes,
  { group, version, resource }: VersionedResource,
): boolean {
  if (scope === '*') return true
  // A request for a namespace has itself as its namespace.
  const isCluster = namespace === undefined || (group === '' && version === 'v1' && resource === 'namespaces')
  return scope === 'Cluster' ? isCluster : !isCluster
}

function resourceMatches(named: string, resource: string, subresource: string): boolean {
  const slash = named.indexOf('/')
  const name = slash < 0 ? named : named.slice(0, slash)
  const sub = slash < 0 ? '' : named.slice(slash + 1)
  return (name === '*' || name === resource) && (sub === '*' || sub === subresource)
}

const exemptKinds = new Set([
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
])

/** Whether an object is part of the configuration of admission, which admission never applies to. */
export function isExempt({ group, kind }: AdmissionAttributes): boolean {
  return group === 'admissionregistration.k8s.io' && exemptKinds.has(kind)
}
