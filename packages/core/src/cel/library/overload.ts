import type { CelType } from '../cel-type.ts'
import type { CelValue } from '../cel-value.ts'
import type { CostBudget } from '../cost-budget.ts'
import type { CelOverload } from '../environment.ts'

/** An overload that is called as `name(…)`, with an implementation that takes the values of its parameters' types. */
export function overload<Args extends (CelValue | undefined)[]>(
  id: string,
  params: readonly CelType[],
  result: CelType,
  call: (...args: Args) => CelValue,
  cost?: (args: Readonly<Required<Args>>, result: CelValue, budget: CostBudget) => number,
): CelOverload {
  return {
    id,
    params,
    result,
    call: call as unknown as NonNullable<CelOverload['call']>,
    ...(cost && { cost: cost as unknown as NonNullable<CelOverload['cost']> }),
  }
}

/** An overload that is called as `receiver.name(…)`; the receiver is the first argument. */
export function memberOverload<Args extends (CelValue | undefined)[]>(
  id: string,
  params: readonly CelType[],
  result: CelType,
  call: (...args: Args) => CelValue,
  cost?: (args: Readonly<Required<Args>>, result: CelValue, budget: CostBudget) => number,
): CelOverload {
  return { ...overload(id, params, result, call, cost), receiver: true }
}
