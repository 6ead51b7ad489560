import { append, type FieldError, keyPath } from '@k1s/apimachinery'
import { Correlation } from '../schema/correlation.ts'
import type { JSONSchemaProps } from '../schema/json-schema-props.ts'
import { SchemaNode } from '../schema/schema-node.ts'
import { Comparison } from './comparison.ts'
import { RuleEvaluation } from './evaluate-rules.ts'
import { costLimits, RuleBudget } from './rule-budget.ts'
import { hasRules, RuleNode } from './rule-node.ts'
import { isEmbedded, itemsOf } from './schema-type.ts'

/**
 * Violations of rules by the defaults of a structural schema that are valid otherwise: a default has to be allowed to
 * stay as it is, and to be new. Defaults within additionalProperties are not looked at.
 *
 * Follows `ValidateDefaults` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting`.
 */
export function checkDefaults(schema: JSONSchemaProps, path: string): FieldError[] {
  const budget = new RuleBudget(costLimits)
  const errors: FieldError[] = []
  const visit = (inner: JSONSchemaProps, innerPath: string, isResource: boolean) => {
    if (!hasRules(inner)) return
    append(errors, defaultErrors(inner, innerPath, isResource, budget))
    const items = itemsOf(inner)
    if (items !== undefined) visit(items, `${innerPath}.items`, isEmbedded(items))
    for (const [name, property] of Object.entries(inner.properties ?? {})) {
      visit(property, keyPath(`${innerPath}.properties`, name), isEmbedded(property))
    }
  }
  visit(schema, path, true)
  return errors
}

function defaultErrors(
  schema: JSONSchemaProps,
  path: string,
  isResource: boolean,
  budget: RuleBudget,
): FieldError[] {
  const { default: value } = schema
  if (value === undefined || value === null) return []
  const rules = new RuleNode(schema, isResource)
  const unchanged = new Correlation(value, value, new SchemaNode(schema, patternsDoNotMatter))
  for (const comparison of [Comparison.withoutRatcheting(unchanged), undefined]) {
    const evaluation = new RuleEvaluation(budget, () => {})
    evaluation.run(rules, value, `${path}.default`, comparison)
    if (evaluation.errors.length > 0) return evaluation.errors
  }
  return []
}

const patternsDoNotMatter = () => {
  throw new Error('comparing values needs no patterns')
}
