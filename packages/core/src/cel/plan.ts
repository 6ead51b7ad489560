import type { CelValue } from './cel-value.ts'
import type { CostBudget } from './cost-budget.ts'
import type { CelEnvironment } from './environment.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import type { CallExpression, Expression, IdentifierExpression, SelectExpression } from './expression.ts'
import { hasField, indexOptional, indexValue, selectField, selectOptionalField } from './field-access.ts'
import { withoutDot } from './name-resolution.ts'
import { callStep } from './plan-call.ts'
import { planComprehension } from './plan-comprehension.ts'
import { planList, planMap, planMessage } from './plan-literal.ts'
import { planOperator } from './plan-operator.ts'

/** What one evaluation works on. */
export interface Frame {
  readonly variables: Readonly<Record<string, CelValue>>
  readonly budget: CostBudget
  /** The variables of comprehensions. */
  readonly slots: (CelValue | undefined)[]
}

/** Evaluates an expression. Errors of it are thrown as CelEvaluationError. */
export type Step = (frame: Frame) => CelValue

/** How an expression is evaluated, and its value if that is known already, which then costs nothing. */
export interface Plan {
  readonly step: Step
  readonly constant?: CelValue
}

interface LocalVariable {
  readonly name: string
  readonly read: Step
}

const CONVERSIONS: ReadonlySet<string> = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'dyn',
  'int',
  'string',
  'timestamp',
  'type',
  'uint',
])

/**
 * Turns a checked expression into functions. What is charged, and when, follows cel-go's `interpreter/planner.go` and
 * `runtimecost.go` with Kubernetes' options: constants are folded and free, and `has` is charged for its field only.
 */
export class Planner {
  readonly environment: CelEnvironment
  readonly #locals: LocalVariable[] = []
  #slots = 0

  constructor(environment: CelEnvironment) {
    this.environment = environment
  }

  /** How many slots a frame needs. */
  get slots(): number {
    return this.#slots
  }

  plan(expression: Expression): Plan {
    switch (expression.kind) {
      case 'literal':
        return constantPlan(expression.value)
      case 'identifier':
        return expression.value === undefined
          ? { step: this.attribute(expression, 1) }
          : constantPlan(expression.value)
      case 'select':
        return { step: this.attribute(expression, 1) }
      case 'call':
        return this.#planCall(expression)
      case 'list':
        return planList(this, expression)
      case 'map':
        return planMap(this, expression)
      case 'struct':
        return { step: planMessage(this, expression) }
      case 'comprehension':
        return { step: planComprehension(this, expression) }
    }
  }

  newSlot(): number {
    return this.#slots++
  }

  /** Plans with variables that hide others of their names. */
  within<Result>(locals: readonly LocalVariable[], plan: () => Result): Result {
    const outer = this.#locals.length
    this.#locals.push(...locals)
    const result = plan()
    this.#locals.length = outer
    return result
  }

  /**
   * A variable with what is selected of it. cel-go charges for each part; for the first part only where the whole is
   * evaluated by itself, and not as a branch of a conditional or within `has`.
   */
  attribute(expression: Expression, rootCost: 0 | 1): Step {
    if (expression.kind === 'identifier' && expression.value === undefined)
      return this.#variable(expression, rootCost)
    if (expression.kind === 'select') return this.#select(expression, rootCost)
    if (expression.kind === 'call') {
      if (expression.function === '_[_]') return this.#index(expression, rootCost)
      if (expression.function === '_[?_]') return this.#optionalIndex(expression, rootCost)
      if (expression.function === '_?._') return this.#optionalSelect(expression, rootCost)
      if (expression.function === '_?_:_') return this.plan(expression).step
    }
    const { step } = this.plan(expression)
    return rootCost === 0 ? step : charged(step, rootCost)
  }

  #variable({ name }: IdentifierExpression, cost: 0 | 1): Step {
    const local = this.#locals.findLast((candidate) => candidate.name === name)
    if (local) return cost === 0 ? local.read : charged(local.read, cost)
    const global = withoutDot(name)
    return ({ variables, budget }) => {
      if (cost !== 0) budget.spend(cost)
      const value = variables[global]
      if (value === undefined) throw new CelEvaluationError(`no such attribute(s): ${global}`)
      return value
    }
  }

  #select({ operand, field, testOnly }: SelectExpression, rootCost: 0 | 1): Step {
    const step = this.attribute(operand, testOnly ? 0 : rootCost)
    if (testOnly) {
      return (frame) => {
        const value = step(frame)
        frame.budget.spend(1)
        return hasField(value, field)
      }
    }
    return (frame) => {
      const value = step(frame)
      frame.budget.spend(1)
      return selectField(value, field)
    }
  }

  #optionalSelect({ args }: CallExpression, rootCost: 0 | 1): Step {
    const [operand, field] = args as [Expression, Expression]
    const step = this.attribute(operand, rootCost)
    const name = field.kind === 'literal' ? String(field.value) : ''
    return (frame) => {
      const value = selectOptionalField(step(frame), name)
      if (value.value !== undefined) frame.budget.spend(1)
      return value
    }
  }

  #index({ args }: CallExpression, rootCost: 0 | 1): Step {
    const [operand, index] = args as [Expression, Expression]
    const container = this.attribute(operand, rootCost)
    const place = this.#place(index)
    return (frame) => {
      const value = container(frame)
      const at = place(frame)
      frame.budget.spend(1)
      return indexValue(value, at)
    }
  }

  /** An index that finds nothing is not charged for. */
  #optionalIndex({ args }: CallExpression, rootCost: 0 | 1): Step {
    const [operand, index] = args as [Expression, Expression]
    const container = this.attribute(operand, rootCost)
    const place = this.#place(index)
    return (frame) => {
      const value = container(frame)
      const found = indexOptional(value, place(frame))
      if (found.value !== undefined) frame.budget.spend(1)
      return found
    }
  }

  /** An index that is a variable is charged as part of the look-up. */
  #place(index: Expression): Step {
    return isAttribute(index) ? this.attribute(index, 0) : this.plan(index).step
  }

  #planCall(expression: CallExpression): Plan {
    if (isAttribute(expression) && expression.function !== '_?_:_')
      return { step: this.attribute(expression, 1) }
    const operator = planOperator(this, expression)
    if (operator) return operator
    const args = expression.target ? [expression.target, ...expression.args] : expression.args
    const plans = args.map((argument) => this.plan(argument))
    const overloads = expression.overloadIds.map((id) => this.environment.declarations.findOverload(id)!)
    const constants = plans.map((plan) => plan.constant)
    for (const { prepare } of overloads) prepare?.(constants)
    const step = callStep(
      expression.function,
      overloads,
      plans.map((plan) => plan.step),
      args.map((argument) => argument.type),
    )
    const constant = constants.length === 1 && CONVERSIONS.has(expression.function) ? constants[0] : undefined
    return constant === undefined ? { step } : constantPlan(overloads[0]!.call(constant))
  }
}

export const constantPlan = (constant: CelValue): Plan => ({ step: () => constant, constant })

const charged =
  (step: Step, cost: number): Step =>
  (frame) => {
    frame.budget.spend(cost)
    return step(frame)
  }

/** What cel-go resolves as an attribute: it charges for its parts and not for the whole. */
export function isAttribute(expression: Expression): boolean {
  switch (expression.kind) {
    case 'identifier':
      return expression.value === undefined
    case 'select':
      return true
    case 'call':
      return ATTRIBUTE_OPERATORS.has(expression.function)
    default:
      return false
  }
}

const ATTRIBUTE_OPERATORS: ReadonlySet<string> = new Set(['_[_]', '_[?_]', '_?._', '_?_:_'])
