import type { StorageInterface } from '@k1s/storage'
import type { AdmissionAttributes } from './admission.ts'
import { equivalentResources, type MatchedResource, requestedResource } from './equivalent-resources.ts'
import { type AdmissionRule, ruleMatches } from './match-rules.ts'
import {
  type AdmissionSelectors,
  namespaceSelectorMatches,
  objectSelectorMatches,
} from './match-selectors.ts'

/** A rule that may be for some objects only: `NamedRuleWithOperations` of `admissionregistration.k8s.io/v1`. */
export interface NamedAdmissionRule extends AdmissionRule {
  /** Default: all. */
  readonly resourceNames?: readonly string[]
}

/** Which requests are meant: `MatchResources` of `admissionregistration.k8s.io/v1`. */
export interface MatchResources extends AdmissionSelectors {
  /** Without any, all are meant. */
  readonly resourceRules?: readonly NamedAdmissionRule[]
  readonly excludeResourceRules?: readonly NamedAdmissionRule[]
  readonly matchPolicy?: 'Exact' | 'Equivalent'
}

/**
 * The resource that a request is meant as, undefined if it is not meant: `Matcher.Matches` of
 * `k8s.io/apiserver/pkg/admission/plugin/policy/matching`. Errors of selectors count only if the rules match.
 */
export async function matchResources(
  storage: StorageInterface,
  attributes: AdmissionAttributes,
  meant: MatchResources,
): Promise<MatchedResource | undefined> {
  let problem: unknown
  try {
    if (!(await namespaceSelectorMatches(storage, meant, attributes))) return undefined
  } catch (error) {
    problem = error
  }
  try {
    if (!objectSelectorMatches(meant, attributes)) return undefined
  } catch (error) {
    problem ??= error
  }
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = meant
  if (matchRules(attributes, excludeResourceRules, matchPolicy) !== undefined) return undefined
  const matched =
    resourceRules.length === 0
      ? requestedResource(attributes)
      : matchRules(attributes, resourceRules, matchPolicy)
  if (matched !== undefined && problem !== undefined) throw problem
  return matched
}

/** The resource of the first rule that means a request: its own resource, or with Equivalent one of the same objects. */
function matchRules(
  attributes: AdmissionAttributes,
  rules: readonly NamedAdmissionRule[],
  matchPolicy: 'Exact' | 'Equivalent' = 'Exact',
): MatchedResource | undefined {
  const { name } = attributes
  const isNamed = ({ resourceNames = [] }: NamedAdmissionRule) =>
    resourceNames.length === 0 || resourceNames.includes(name)
  if (rules.some((rule) => ruleMatches(rule, attributes, attributes) && isNamed(rule))) {
    return requestedResource(attributes)
  }
  if (matchPolicy === 'Exact' || rules.length === 0) return undefined
  const equivalents = equivalentResources(attributes)
  for (const rule of equivalents.length === 0 ? [] : rules) {
    const matched = equivalents.find((equivalent) => ruleMatches(rule, attributes, equivalent))
    if (matched !== undefined && isNamed(rule)) return matched
  }
  return undefined
}
