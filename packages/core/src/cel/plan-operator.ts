import { add } from './arithmetic.ts'
import { CelOptional, type CelValue } from './cel-value.ts'
import { compareValues } from './comparison.ts'
import { equalValues, listContains } from './equality.ts'
import { CelEvaluationError, noSuchOverload } from './evaluation-error.ts'
import type { CallExpression, Expression } from './expression.ts'
import { constantPlan, isAttribute, type Plan, type Planner, type Step } from './plan.ts'
import { comparisonCost, joinCost, smallerSize, valueSize } from './value-size.ts'
import { isList, isMap } from './value-type.ts'

/** Plans what is not called like a function: some terms are not evaluated, and costs are known from the operands. */
export function planOperator(planner: Planner, expression: CallExpression): Plan | undefined {
  switch (expression.function) {
    case '_?_:_':
      return { step: conditional(planner, expression.args) }
    case '_&&_':
      return { step: logical(steps(planner, expression.args), false) }
    case '_||_':
      return { step: logical(steps(planner, expression.args), true) }
    case '_==_':
      return { step: equality(steps(planner, expression.args), true) }
    case '_!=_':
      return { step: equality(steps(planner, expression.args), false) }
    case '_<_':
      return { step: ordering(planner, expression, (order) => order < 0) }
    case '_<=_':
      return { step: ordering(planner, expression, (order) => order <= 0) }
    case '_>_':
      return { step: ordering(planner, expression, (order) => order > 0) }
    case '_>=_':
      return { step: ordering(planner, expression, (order) => order >= 0) }
    case '_+_':
      return { step: addition(planner, expression) }
    case '@in':
      return membership(planner, expression)
    case 'or':
    case 'orValue':
      return alternative(planner, expression)
    default:
      return undefined
  }
}

const steps = (planner: Planner, expressions: readonly Expression[]): Step[] =>
  expressions.map((expression) => planner.plan(expression).step)

function conditional(planner: Planner, args: readonly Expression[]): Step {
  const [condition, truthy, falsy] = args as [Expression, Expression, Expression]
  const test = planner.plan(condition).step
  const branch = (expression: Expression) =>
    isAttribute(expression) ? planner.attribute(expression, 0) : planner.plan(expression).step
  const [whenTrue, whenFalse] = [branch(truthy), branch(falsy)]
  return (frame) => {
    const value = test(frame)
    if (value === true) return whenTrue(frame)
    if (value === false) return whenFalse(frame)
    throw noSuchOverload()
  }
}

/** `&&` is decided by a false term and `||` by a true one, whatever errors the others have. */
function logical(terms: readonly Step[], decisive: boolean): Step {
  return (frame) => {
    let failure: CelEvaluationError | undefined
    for (let index = 0; index < terms.length; index++) {
      try {
        const value = terms[index]!(frame)
        if (value === decisive) return decisive
        if (typeof value !== 'boolean') failure ??= noSuchOverload()
      } catch (error) {
        if (!(error instanceof CelEvaluationError)) throw error
        failure ??= error
      }
    }
    if (failure) throw failure
    return !decisive
  }
}

function equality([left, right]: readonly Step[], wanted: boolean): Step {
  return (frame) => {
    const a = left!(frame)
    const b = right!(frame)
    frame.budget.spend(comparisonCost(a, b))
    return equalValues(a, b, frame.budget) === wanted
  }
}

/** Texts are charged by length where their type is known, and where it is not counted as work. */
function ordering(
  planner: Planner,
  { function: name, args, overloadIds }: CallExpression,
  holds: (order: number) => boolean,
): Step {
  const [left, right] = steps(planner, args) as [Step, Step]
  const ofText = overloadIds.length === 1 && /_(?:string|bytes)$/.test(overloadIds[0]!)
  return (frame) => {
    const a = left(frame)
    const b = right(frame)
    if (typeof a === 'bigint' && typeof b === 'bigint') {
      frame.budget.spend(1)
      return holds(a < b ? -1 : a > b ? 1 : 0)
    }
    if (ofText) frame.budget.spend(comparisonCost(a, b))
    else {
      frame.budget.work(smallerSize(a, b) >> 6)
      frame.budget.spend(1)
    }
    return holds(compareValues(a, b, name))
  }
}

function addition(planner: Planner, { args, overloadIds }: CallExpression): Step {
  const [left, right] = steps(planner, args) as [Step, Step]
  const ofText = overloadIds.length === 1 && /^add_(?:string|bytes)$/.test(overloadIds[0]!)
  return (frame) => {
    const a = left(frame)
    const b = right(frame)
    if (ofText) frame.budget.spend(joinCost(a, b))
    else {
      if (typeof a === 'string' || a instanceof Uint8Array) frame.budget.work((a.length + valueSize(b)) >> 3)
      frame.budget.spend(1)
    }
    return add(a, b)
  }
}

function membership(planner: Planner, { args, overloadIds }: CallExpression): Plan {
  const [element, container] = args.map((argument) => planner.plan(argument)) as [Plan, Plan]
  const inList = overloadIds.length === 1 && overloadIds[0] === 'in_list'
  const fixed = inList && container.constant !== undefined && isScalarList(container.constant)
  if (fixed && valueSize(container.constant!) === 0) return constantPlan(false)
  const step: Step = (frame) => {
    const value = element.step(frame)
    const whole = container.step(frame)
    if (!fixed) frame.budget.spend(inList ? valueSize(whole) : 1)
    if (isList(whole)) {
      if (!inList || fixed) frame.budget.work(whole.size)
      return listContains(whole, value, frame.budget)
    }
    if (isMap(whole)) return whole.get(value) !== undefined
    throw noSuchOverload()
  }
  return { step }
}

/** Lists of which cel-go makes a set, so that looking into them is free. */
function isScalarList(value: CelValue): boolean {
  if (!isList(value)) return false
  for (let index = 0; index < value.size; index++) {
    const element = value.at(index)
    if (
      element === null ||
      (typeof element === 'object' && 'celKind' in element) ||
      element instanceof Uint8Array
    ) {
      return false
    }
  }
  return true
}

/** `or` and `orValue` of optional values. */
function alternative(
  planner: Planner,
  { function: name, target, args, overloadIds }: CallExpression,
): Plan | undefined {
  if (!target || args.length !== 1) return undefined
  const known = name === 'or' ? 'optional_or_optional' : 'optional_orValue_value'
  if (overloadIds.length === 1 && overloadIds[0] !== known) return undefined
  const first = planner.plan(target).step
  const second = planner.plan(args[0]!).step
  const step: Step = (frame) => {
    const value = first(frame)
    if (!(value instanceof CelOptional)) throw noSuchOverload()
    if (value.value === undefined) return second(frame)
    return name === 'or' ? value : value.value
  }
  return { step }
}
