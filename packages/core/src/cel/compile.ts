import type { CelType } from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import { checkExpression } from './checker.ts'
import type { CostBudget } from './cost-budget.ts'
import type { CelEnvironment } from './environment.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import type { Expression } from './expression.ts'
import { parseExpression } from './parse.ts'
import { Planner } from './plan.ts'
import { CelProgramError } from './program-error.ts'
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
 * @throws CelProgramError if it cannot be evaluated, whatever the values
 */
export function compileExpression(source: string, environment: CelEnvironment): CompiledExpression {
  try {
    return compile(source, environment)
  } catch (error) {
    if (error instanceof RangeError)
      throw new CelCompileError(source, [{ offset: -1, message: tooLarge(error) }])
    throw error
  }
}

/**
 * What the engine refuses, as a panic of cel-go's evaluator ends: a value or type that is nested deeper than its stack,
 * a text or list longer than it has.
 */
const tooLarge = (error: RangeError) => `internal error: ${error.message}`

function compile(source: string, environment: CelEnvironment): CompiledExpression {
  const parsed = parseExpression(source, environment.declarations.findMacro)
  const { expression, issues } = checkExpression(parsed, environment)
  if (issues.length > 0) throw new CelCompileError(source, issues)
  const invalid = validateExpression(expression, environment)
  if (invalid.length > 0) throw new CelCompileError(source, invalid)
  const planner = new Planner(environment)
  const { step } = planChecked(planner, expression)
  const { slots } = planner
  return {
    source,
    resultType: expression.type,
    checked: expression,
    evaluate(variables, budget) {
      try {
        return step({ variables, budget, slots: slots === 0 ? NO_SLOTS : new Array(slots) })
      } catch (error) {
        if (error instanceof RangeError) throw new CelEvaluationError(tooLarge(error))
        throw error
      }
    },
  }
}

const NO_SLOTS: [] = []

/** Constants are folded while planning, which can fail as an evaluation can. */
function planChecked(planner: Planner, expression: Expression) {
  try {
    return planner.plan(expression)
  } catch (error) {
    if (!(error instanceof CelEvaluationError)) throw error
    throw new CelProgramError(expression.type, error.message)
  }
}
