import {
  matchConditionsBudget,
  OutOfBudgetError,
  PolicyActivation,
  type PolicyInput,
} from './policy-activation.ts'
import type { PolicyExpression } from './policy-compiler.ts'

/** Whether the match conditions of a policy hold, or why that cannot be told. */
export type ConditionsResult = boolean | { readonly error: string }

/**
 * `matcher.Match` of `k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions`: one that is false decides, whatever
 * the others are; errors then count as the failure policy says. Conditions see no namespaceObject.
 */
export function checkConditions(
  conditions: readonly PolicyExpression[],
  variables: ReadonlyMap<string, PolicyExpression>,
  failurePolicy: string | undefined,
  input: PolicyInput,
): ConditionsResult {
  if (conditions.length === 0) return true
  const activation = new PolicyActivation(
    { ...input, namespace: undefined },
    variables,
    matchConditionsBudget,
  )
  const errors: string[] = []
  try {
    for (const result of conditions.map((condition) => activation.evaluate(condition))) {
      if ('error' in result) errors.push(result.error)
      else if (result.value === false) return false
    }
  } catch (error) {
    if (!(error instanceof OutOfBudgetError)) throw error
    return failurePolicy === 'Ignore' ? false : { error: error.message }
  }
  if (errors.length === 0) return true
  if (failurePolicy === 'Ignore') return false
  const distinct = [...new Set(errors)]
  return { error: distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]` }
}
