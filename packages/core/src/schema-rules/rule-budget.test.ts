import { expect, test } from 'vitest'
import type { CompiledExpression } from '../cel/compile.ts'
import { RuleBudget } from './rule-budget.ts'

/** Takes as many steps as the value of `steps`, which cost nothing. */
const busy = {
  evaluate({ steps }, budget) {
    budget.work(Number(steps))
    return true
  },
} as CompiledExpression

test('what costs nothing but takes steps is stopped once all expressions together have taken too many', () => {
  const budget = new RuleBudget({ perCall: 100, total: 1_000 })
  const outcomes = Array.from({ length: 12 }, () => budget.run(busy, { steps: 1_000n }).kind)
  expect(outcomes).toEqual([...Array(10).fill('value'), 'spent', 'spent'])
  expect(budget.run(busy, { steps: 1_001n }).kind).toBe('spent')
  expect(new RuleBudget({ perCall: 100, total: 1_000 }).run(busy, { steps: 1_001n }).kind).toBe('stopped')
})
