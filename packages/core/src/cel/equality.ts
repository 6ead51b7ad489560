import {
  CelDuration,
  type CelList,
  type CelMap,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  type CelValue,
} from './cel-value.ts'
import { compareNumbers, isNumber } from './comparison.ts'
import type { CostBudget } from './cost-budget.ts'
import { isList, isMap, isObject, isOpaque } from './value-type.ts'

/**
 * Whether two values are equal: numbers across their types, all else only within its own. What Kubernetes does not charge
 * for, such as the elements of elements, is counted as work of the budget.
 */
export function equalValues(a: CelValue, b: CelValue, budget?: CostBudget): boolean {
  if (a === b) return true
  switch (typeof a) {
    case 'string':
      if (typeof b === 'string') budget?.work(a.length >> 9)
      return false
    case 'boolean':
      return false
    case 'bigint':
      if (typeof b === 'bigint') return false
      break
  }
  if (a === null || b === null) return false
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0
  return equalObjects(a, b, budget)
}

function equalObjects(a: CelValue, b: CelValue, budget: CostBudget | undefined): boolean {
  if (isList(a)) return isList(b) && equalLists(a, b, budget)
  if (isMap(a)) return isMap(b) && equalMaps(a, b, budget)
  if (isObject(a)) return a.equals(b, budget)
  if (isOpaque(a)) return a.equals(b)
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.nanoseconds === b.nanoseconds
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanoseconds === b.nanoseconds
  if (a instanceof CelTypeValue) return b instanceof CelTypeValue && a.name === b.name
  if (!(a instanceof CelOptional) || !(b instanceof CelOptional)) return false
  if (a.value === undefined || b.value === undefined) return a.value === b.value
  return equalValues(a.value, b.value, budget)
}

function equalLists(a: CelList, b: CelList, budget: CostBudget | undefined): boolean {
  if (a.equals) return a.equals(b, budget)
  if (b.equals) return b.equals(a, budget)
  if (a.size !== b.size) return false
  for (let index = 0; index < a.size; index++) {
    budget?.work(1)
    if (!equalValues(a.at(index), b.at(index), budget)) return false
  }
  return true
}

function equalMaps(a: CelMap, b: CelMap, budget: CostBudget | undefined): boolean {
  if (a.size !== b.size) return false
  for (const key of a.keys()) {
    budget?.work(1)
    const [left, right] = [a.get(key), b.get(key)]
    if (left === undefined || right === undefined || !equalValues(left, right, budget)) return false
  }
  return true
}

/** Whether a list has an element. */
export function listContains(list: CelList, element: CelValue, budget?: CostBudget): boolean {
  for (let index = 0; index < list.size; index++) {
    if (equalValues(element, list.at(index), budget)) return true
  }
  return false
}
