/**
 * Label selectors, as in `k8s.io/apimachinery/pkg/labels` and, for the API type LabelSelector,
 * `pkg/apis/meta/v1/helpers.go`.
 */
import {
  type LabelOperator,
  type LabelRequirement,
  type Labels,
  newLabelRequirement,
} from './label-requirement.ts'
import { parseLabelRequirements } from './label-selector-parser.ts'
import type { LabelSelector, LabelSelectorRequirement } from './meta.ts'
import { quote } from './quote.ts'

/** A label selector that is ready to match. All requirements must hold. */
export class LabelSelectorMatcher {
  /** Sorted by key. Empty as well for a selector that selects nothing: see {@link selectsNothing}. */
  readonly requirements: readonly LabelRequirement[]
  /** True for `labels.Nothing()`, which matches no object at all. */
  readonly selectsNothing: boolean

  constructor(requirements: readonly LabelRequirement[], options: { selectsNothing?: boolean } = {}) {
    this.requirements = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    this.selectsNothing = options.selectsNothing ?? false
  }

  /** True if the selector does not restrict anything. */
  get empty(): boolean {
    return this.requirements.length === 0 && !this.selectsNothing
  }

  matches(labels: Labels | undefined): boolean {
    if (this.selectsNothing) return false
    for (const requirement of this.requirements) {
      if (!requirement.matches(labels)) return false
    }
    return true
  }

  /** The only value that the selector admits for a label, if its first requirement on the label says so. */
  requiresExactMatch(key: string): string | undefined {
    const requirement = this.requirements.find((candidate) => candidate.key === key)
    if (requirement === undefined || requirement.values.length !== 1) return undefined
    return ['=', '==', 'in'].includes(requirement.operator) ? requirement.values[0] : undefined
  }

  /** The canonical text, which parses to an equal selector: `a=1,b in (x,y),!c`. */
  toString(): string {
    return this.requirements.join(',')
  }
}

/**
 * Parses a selector: requirements with commas between, each `key`, `!key`, `key=value`, `key==value`, `key!=value`,
 * `key in (a,b)`, `key notin (a,b)`, `key>1` or `key<1`. Throws an Error with Kubernetes' message, such as
 * `unable to parse requirement: found '', expected: identifier`.
 */
export function parseLabelSelector(text: string): LabelSelectorMatcher {
  return new LabelSelectorMatcher(parseLabelRequirements(text))
}

/**
 * A matcher for the API type, as `metav1.LabelSelectorAsSelector`: an absent selector matches nothing, an empty one
 * everything. Throws an Error for keys, values and operators that are not valid.
 */
export function labelSelectorAsMatcher(selector: LabelSelector | undefined | null): LabelSelectorMatcher {
  if (selector === undefined || selector === null)
    return new LabelSelectorMatcher([], { selectsNothing: true })
  return new LabelSelectorMatcher([
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
      newLabelRequirement(key, '=', [value]),
    ),
    ...(selector.matchExpressions ?? []).map(requirementOf),
  ])
}

const operatorOf: ReadonlyMap<string, LabelOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
])

function requirementOf({ key, operator, values = [] }: LabelSelectorRequirement): LabelRequirement {
  const known = operatorOf.get(operator)
  if (known === undefined) throw new Error(`${quote(operator)} is not a valid label selector operator`)
  return newLabelRequirement(key, known, values.length === 0 ? undefined : values)
}

/** A selector's text as the API type, as `metav1.ParseToLabelSelector`. `!=` and comparisons have no place in it. */
export function parseLabelSelectorObject(text: string): LabelSelector {
  const matchLabels: { [key: string]: string } = {}
  const matchExpressions: LabelSelectorRequirement[] = []
  for (const { key, operator, values } of requirementsOfText(text)) {
    if (operator === '=' || operator === '==') matchLabels[key] = values[0]!
    else matchExpressions.push(expressionOf(key, operator, values))
  }
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  }
}

function requirementsOfText(text: string): readonly LabelRequirement[] {
  try {
    return parseLabelSelector(text).requirements
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`couldn't parse the selector string "${text}": ${reason}`, { cause: error })
  }
}

function expressionOf(
  key: string,
  operator: LabelOperator,
  values: readonly string[],
): LabelSelectorRequirement {
  switch (operator) {
    case 'in':
      return { key, operator: 'In', values: [...values] }
    case 'notin':
      return { key, operator: 'NotIn', values: [...values] }
    case 'exists':
      return { key, operator: 'Exists' }
    case '!':
      return { key, operator: 'DoesNotExist' }
    case 'gt':
    case 'lt':
      throw new Error(`${quote(operator)} isn't supported in label selectors`)
    default:
      throw new Error(`${quote(operator)} is not a valid label selector operator`)
  }
}

/** As `metav1.FormatLabelSelector`: `<none>` for an empty or absent selector, `<error>` for an invalid one. */
export function formatLabelSelector(selector: LabelSelector | undefined | null): string {
  try {
    return labelSelectorAsMatcher(selector).toString() || '<none>'
  } catch {
    return '<error>'
  }
}

/** Labels as `labels.FormatLabels`: `a=1,b=2`, sorted, or `<none>`. */
export function formatLabels(labels: Labels | undefined): string {
  const parts = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return parts.sort().join(',') || '<none>'
}
