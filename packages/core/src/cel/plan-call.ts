import type { CelType } from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import type { DeclaredOverload } from './environment.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import type { Frame, Step } from './plan.ts'
import { isInstance, valueTypeName } from './value-type.ts'

/** Calls the overload that the types tell, or else the first that takes the values. */
export function callStep(
  name: string,
  overloads: readonly DeclaredOverload[],
  args: readonly Step[],
  types: readonly CelType[],
): Step {
  const [first] = overloads as [DeclaredOverload]
  const only = overloads.length === 1
  if (first.dispatches) return directCall(only ? first : uncharged(first), args)
  if (only && types.every((type, index) => isCertain(type, first.params[index]!)))
    return directCall(first, args)
  return (frame) => {
    const values = args.map((step) => step(frame))
    const overload = overloads.find(({ params }) =>
      params.every((type, index) => isInstance(values[index]!, type)),
    )
    if (!overload)
      throw new CelEvaluationError(`no such overload: ${name}(${values.map(valueTypeName).join(', ')})`)
    return chargedCall(frame, only ? overload : uncharged(overload), values)
  }
}

/** An overload, or without what is charged for it one of several: then cel-go charges as for any call. */
type Callable = Pick<DeclaredOverload, 'call'> &
  Partial<Pick<DeclaredOverload, 'cost' | 'costBefore' | 'work'>>

const uncharged = ({ call, work }: DeclaredOverload): Callable => ({ call, ...(work && { work }) })

function chargedCall({ budget }: Frame, overload: Callable, values: readonly CelValue[]): CelValue {
  const { call, cost, costBefore, work } = overload
  if (costBefore) budget.spend(costBefore(values))
  if (work) budget.work(work(values, budget))
  const result = call(...values)
  if (cost) budget.spend(cost(values, result, budget))
  else if (!costBefore) budget.spend(1)
  return result
}

function directCall(overload: Callable, args: readonly Step[]): Step {
  const { call, cost, costBefore, work } = overload
  const [first, second] = args
  if (!cost && !costBefore && !work) {
    if (first && args.length === 1) {
      return (frame) => {
        const value = first(frame)
        frame.budget.spend(1)
        return call(value)
      }
    }
    if (first && second && args.length === 2) {
      return (frame) => {
        const value = first(frame)
        const other = second(frame)
        frame.budget.spend(1)
        return call(value, other)
      }
    }
  }
  return (frame) =>
    chargedCall(
      frame,
      overload,
      args.map((step) => step(frame)),
    )
}

/** Whether a static type leaves no doubt that a value can be passed. */
function isCertain(type: CelType, param: CelType): boolean {
  if (param.kind === 'dyn' || param.kind === 'param') return true
  if (type.kind !== param.kind) return false
  switch (param.kind) {
    case 'list':
      return type.kind === 'list' && isCertain(type.element, param.element)
    case 'map':
      return type.kind === 'map' && isCertain(type.key, param.key) && isCertain(type.value, param.value)
    default:
      return true
  }
}
