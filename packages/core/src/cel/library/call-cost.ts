import type { CelList, CelValue } from '../cel-value.ts'
import type { CostBudget } from '../cost-budget.ts'
import { matchCost, textCost, valueSize } from '../value-size.ts'
import { isList, isMap } from '../value-type.ts'

// What calls of libraries cost: `CallCost` of `k8s.io/apiserver/pkg/cel/library/cost.go`, and `cel-go/ext`.

export const traversalFactor = 0.1
const patternFactor = 0.25
const listCost = 10

/** Once over the first argument, a text. */
export const traversal = ([value]: readonly CelValue[]) => textCost(value!)

/** A traversal, and the making of as much. */
export const doubleTraversal = ([value]: readonly CelValue[]) => twice(value!)

export const resultTraversal = (_: readonly CelValue[], result: CelValue) => twice(result)

const twice = (value: CelValue) => Math.ceil(valueSize(value) * 2 * traversalFactor)

/** Search of the first argument with the regular expression in the second. */
export const search = ([text, pattern]: readonly CelValue[]) => matchCost(text!, pattern!)

/** Search of a text with an expression of `length` characters, four of which are taken for a step of it. */
export const patternCost = (text: string, length: number) =>
  Math.ceil((1 + valueSize(text)) * traversalFactor) * Math.ceil(length * patternFactor)

/** Everything within the first argument once. */
export const deepTraversal = ([value]: readonly CelValue[], _: CelValue, budget: CostBudget) =>
  deepCost(value!, budget)

function deepCost(value: CelValue, budget: CostBudget): number {
  if (typeof value === 'string') return Math.floor(Buffer.byteLength(value) * traversalFactor)
  if (value instanceof Uint8Array) return Math.floor(value.length * traversalFactor)
  return isList(value) || isMap(value) ? sumOverElements(value, deepCost, budget) : 1
}

/** A new list of `size` elements, with `factor` steps for each. */
export const listCreation = (size: number, factor = 1) =>
  Math.floor(size * (factor < 0 ? 1 : factor)) + 1 + listCost

export const resultCreation = (_: readonly CelValue[], result: CelValue) => listCreation(valueSize(result))

/** Each element of a list compared to each. */
export function selfComparison(list: CelValue): number {
  const size = valueSize(list)
  const first = isList(list) && size > 0 ? list.at(0) : undefined
  const isText = typeof first === 'string' || first instanceof Uint8Array
  return listCreation(size ** 2, isText ? 2 + traversalFactor : 2)
}

/** The steps of comparing each of `count` values to each element of a list, which costs leave out elements of. */
export const comparisonWork = (count: number, list: CelList, budget: CostBudget) =>
  count * nestedSize(list, budget)

/** The steps of going through all that the first argument holds. */
export const nestedWork = ([value]: readonly CelValue[], budget: CostBudget) => nestedSize(value!, budget)

/** The steps of writing a value as text. */
export function textWork(value: CelValue, budget: CostBudget): number {
  if (typeof value === 'string') return value.length >> 4
  return isList(value) || isMap(value)
    ? STEPS_PER_ELEMENT + sumOverElements(value, textWork, budget)
    : STEPS_PER_ELEMENT
}

const STEPS_PER_ELEMENT = 10

function nestedSize(value: CelValue, budget: CostBudget): number {
  return isList(value) || isMap(value) ? 1 + sumOverElements(value, nestedSize, budget) : 1
}

type Measure = (element: CelValue, budget: CostBudget) => number

function sumOverElements(value: CelValue, measure: Measure, budget: CostBudget): number {
  let sum = 0
  if (isList(value)) {
    for (let index = 0; index < value.size; index++) {
      budget.work(1)
      sum += measure(value.at(index), budget)
    }
  }
  if (isMap(value)) {
    for (const key of value.keys()) {
      budget.work(1)
      sum += measure(key, budget) + measure(value.get(key)!, budget)
    }
  }
  return sum
}
