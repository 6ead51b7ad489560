import type { CelValue } from '../cel/cel-value.ts'
import type { CompiledExpression } from '../cel/compile.ts'
import { CostBudget, CostExceededError, WORK_PER_COST } from '../cel/cost-budget.ts'
import { CelEvaluationError } from '../cel/evaluation-error.ts'

/** What one expression may cost, and all of an object together: `k8s.io/apiserver/pkg/apis/cel/config.go`. */
export interface CostLimits {
  readonly perCall: number
  readonly total: number
}

export const costLimits: CostLimits = { perCall: 1_000_000, total: 10_000_000 }

/** What an expression may name. */
export type Variables = Readonly<Record<string, CelValue>>

export type Outcome =
  | { readonly kind: 'value'; readonly value: CelValue }
  /** The expression ended in an error of the language, such as a missing key. */
  | { readonly kind: 'error'; readonly message: string }
  /** It alone was too expensive. */
  | { readonly kind: 'stopped'; readonly message: string }
  /** With it, all together are too expensive. */
  | { readonly kind: 'spent' }

/** Runs expressions until what they may cost together is spent. */
export class RuleBudget {
  readonly #perCall: number
  #remaining: number
  #remainingWork: number

  constructor({ perCall, total }: CostLimits) {
    this.#perCall = perCall
    this.#remaining = total
    this.#remainingWork = total * WORK_PER_COST
  }

  get isSpent(): boolean {
    return this.#remaining <= 0
  }

  run(program: CompiledExpression, variables: Variables): Outcome {
    const budget = new CostBudget(this.#perCall)
    const outcome = attempt(program, variables, budget)
    this.#remainingWork -= budget.worked
    if (budget.spent > this.#remaining || this.#remainingWork < 0) return { kind: 'spent' }
    this.#remaining -= budget.spent
    return outcome
  }
}

function attempt(program: CompiledExpression, variables: Variables, budget: CostBudget): Outcome {
  try {
    return { kind: 'value', value: program.evaluate(variables, budget) }
  } catch (error) {
    if (error instanceof CostExceededError) return { kind: 'stopped', message: error.message }
    if (error instanceof CelEvaluationError) return { kind: 'error', message: error.message }
    throw error
  }
}
