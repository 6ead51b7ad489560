import { CelOptional, type CelValue } from './cel-value.ts'
import { ArrayList, HashMap } from './collections.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import type { ListExpression, MapExpression, StructExpression } from './expression.ts'
import { formatValue } from './format-value.ts'
import { withoutDot } from './name-resolution.ts'
import { constantPlan, type Frame, type Plan, type Planner, type Step } from './plan.ts'

/** What making values costs, as in cel-go's `common/cost.go`. */
const LIST_COST = 10
const MAP_COST = 30
const STRUCT_COST = 40

export function planList(planner: Planner, { elements, optionalIndices }: ListExpression): Plan {
  const plans = elements.map((element) => planner.plan(element))
  const constants = plans.map((plan) => plan.constant)
  if (optionalIndices.size === 0 && constants.every((constant) => constant !== undefined)) {
    return constantPlan(new ArrayList(constants))
  }
  const step: Step = (frame) => {
    frame.budget.spend(LIST_COST)
    const values: CelValue[] = []
    for (const [index, plan] of plans.entries()) {
      let value: CelValue | undefined = plan.step(frame)
      if (optionalIndices.has(index)) {
        value = unwrapOptional(value, 'cannot initialize optional list element from non-optional value ')
      }
      if (value !== undefined) values.push(value)
    }
    return new ArrayList(values)
  }
  return { step }
}

export function planMap(planner: Planner, { entries }: MapExpression): Plan {
  const plans = entries.map(({ key, value, optional }) => ({
    key: planner.plan(key),
    value: planner.plan(value),
    optional,
  }))
  const make = (frame: Frame) => {
    const map = new HashMap()
    for (const { key, value, optional } of plans) {
      const keyValue = key.step(frame)
      let entryValue: CelValue | undefined = value.step(frame)
      if (optional) {
        const message = `cannot initialize optional entry '${formatValue(keyValue)}' from non-optional value `
        entryValue = unwrapOptional(entryValue, message)
      }
      if (entryValue === undefined) map.delete(keyValue)
      else map.set(keyValue, entryValue)
    }
    return map
  }
  const fixed = plans.every(
    ({ key, value, optional }) => !optional && key.constant !== undefined && value.constant !== undefined,
  )
  if (fixed) return constantPlan(make(NO_FRAME))
  const step: Step = (frame) => {
    frame.budget.spend(MAP_COST)
    return make(frame)
  }
  return { step }
}

export function planMessage(planner: Planner, { typeName, fields }: StructExpression): Step {
  const plans = fields.map(({ name, value, optional }) => ({
    name,
    step: planner.plan(value).step,
    optional,
  }))
  const { types } = planner.environment
  const type = types?.findType(withoutDot(typeName))
  if (!types || !type) throw new Error(`no such type: ${typeName}`)
  return (frame) => {
    frame.budget.spend(STRUCT_COST)
    const values = new Map<string, CelValue>()
    for (const { name, step, optional } of plans) {
      let value: CelValue | undefined = step(frame)
      if (optional) {
        value = unwrapOptional(value, `cannot initialize optional entry '${name}' from non-optional value `)
      }
      if (value === undefined) values.delete(name)
      else values.set(name, value)
    }
    return types.newObject(type, values)
  }
}

/** Constants do not look at their frame. */
const NO_FRAME = Object.freeze({}) as Frame

function unwrapOptional(value: CelValue, message: string): CelValue | undefined {
  if (value instanceof CelOptional) return value.value
  throw new CelEvaluationError(`${message}${formatValue(value)}`)
}
