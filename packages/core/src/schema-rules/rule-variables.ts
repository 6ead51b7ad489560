import { CelOptional, type CelValue } from '../cel/cel-value.ts'
import { withResourceProperties } from './resource-properties.ts'
import type { Variables } from './rule-budget.ts'
import type { RuleNode } from './rule-node.ts'
import { celValueOf } from './schema-value.ts'

/** What the rules of one value may name. */
export interface RuleVariables {
  /** Without `oldSelf` if there is no older value, or no rule beside speaks of it. */
  readonly plain: Variables
  /** For rules with `optionalOldSelf`: it is an optional. */
  readonly optional: Variables
}

/** `old` is undefined if there is none. A CelEvaluationError if a value is not of its schema's type. */
export function ruleVariables(node: RuleNode, value: unknown, old: unknown): RuleVariables {
  const schema = node.isResource ? withResourceProperties(node.schema) : node.schema
  const self = celValueOf(value, schema)
  if (!node.rules.some((rule) => rule.usesOldSelf)) return { plain: { self }, optional: { self } }
  const oldSelf: CelValue | undefined = old === undefined ? undefined : celValueOf(old, schema)
  return {
    plain: oldSelf === undefined ? { self } : { self, oldSelf },
    optional: { self, oldSelf: oldSelf === undefined ? CelOptional.none : new CelOptional(oldSelf) },
  }
}
