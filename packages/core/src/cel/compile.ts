import type { CelType } from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import { checkExpression } from './checker.ts'
import type { CostBudget } from './cost-budget.ts'
import type { CelEnvironment } from './environment.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import type { Expression } from './expression.ts'
import { parseExpression } from './parse.ts'
import { Planner } from './plan.ts'
import { CelCompileError } from './source-error.ts'
import { validateExpression } from './validate-expression.ts'

/** An expression that can be evaluated any number of times, also within an evaluation of itself. */
export interface CompiledExpression {
  readonly source: string
  readonly resultType: CelType
  /** The tree with types and overloads, for who estimates what it may cost. It is not to be changed. */
  readonly checked: Expression
  /**
   * @param variables values of the environment's variables that the expression uses
   * @param budget charged for each step as Kubernetes does
   * @throws CelEvaluationError for what the expression cannot do with these values
   * @throws CostExceededError
   */
  evaluate(variables: Readonly<Record<string, CelValue>>, budget: CostBudget): CelValue
}

/**
 * Parses, checks and plans an expression of the Common Expression Language as Kubernetes' environment of cel-go does.
 *
 * @throws CelCompileError with cel-go's messages
 */
export function compileExpression(source: string, environment: CelEnvironment): CompiledExpression {
  const parsed = parseExpression(source, environment.declarations.findMacro)
  const { expression, issues } = checkExpression(parsed, environment)
  if (issues.length > 0) throw new CelCompileError(source, issues)
  const invalid = validateExpression(expression, environment)
  if (invalid.length > 0) throw new CelCompileError(source, invalid)
  const planner = new Planner(environment)
  const { step } = planChecked(planner, source, expression)
  const { slots } = planner
  return {
    source,
    resultType: expression.type,
    checked: expression,
    evaluate: (variables, budget) =>
      step({ variables, budget, slots: slots === 0 ? NO_SLOTS : new Array(slots) }),
  }
}

const NO_SLOTS: [] = []

/** Constants are folded while planning, which can fail as an evaluation can. */
function planChecked(planner: Planner, source: string, expression: Expression) {
  try {
    return planner.plan(expression)
  } catch (error) {
    if (!(error instanceof CelEvaluationError)) throw error
    throw new CelCompileError(source, [{ offset: expression.offset, message: error.message }])
  }
}
