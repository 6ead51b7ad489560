import { describe, expect, it } from 'vitest'
import { formatCelType, intType, listType, stringType } from '../cel-type.ts'
import { CelOptional, CelUint, type CelValue } from '../cel-value.ts'
import { ArrayList } from '../collections.ts'
import { compileExpression } from '../compile.ts'
import { formatDouble } from '../conversion.ts'
import { CostBudget } from '../cost-budget.ts'
import { createCelEnvironment } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { CelCompileError } from '../source-error.ts'
import { isList, isMap, isOpaque } from '../value-type.ts'
import { jsonPatchLibrary, kubernetesLibraries } from './index.ts'
import facts from './library-facts.json' with { type: 'json' }

/**
 * Expressions, what they evaluate to in the environment of a Kubernetes 1.37 API server, and what that costs there:
 * a value, `error: …` or `refused: …`. Costs are left out where characters outside of the basic plane count twice.
 */
type Fact = readonly [expression: string, result: string, cost?: number]

const environment = createCelEnvironment({
  variables: { s: stringType, l: listType(stringType), li: listType(intType) },
  libraries: [...kubernetesLibraries, jsonPatchLibrary],
})
const variables = {
  s: 'hello',
  l: new ArrayList(['b', 'a', 'c']),
  li: new ArrayList([3n, 1n, 2n]),
}

function show(value: CelValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return `double(${formatDouble(value)})`
  if (value instanceof CelUint) return `${value.value}u`
  if (value instanceof CelOptional) return value.value === undefined ? 'none' : `some(${show(value.value)})`
  if (isList(value)) return `[${Array.from({ length: value.size }, (_, i) => show(value.at(i))).join(', ')}]`
  if (isMap(value)) {
    const entries = value.keys().map((key) => `${show(key)}: ${show(value.get(key)!)}`)
    return `{[${entries.sort().join(' ')}]}`
  }
  return isOpaque(value) ? `a ${formatCelType(value.type)}` : String(value)
}

function evaluate(source: string, budget = new CostBudget(1_000_000)): string {
  try {
    return show(compileExpression(source, environment).evaluate(variables, budget))
  } catch (error) {
    if (error instanceof CelEvaluationError) return `error: ${error.message}`
    if (!(error instanceof CelCompileError)) throw error
    return `refused: ${error.message.split('\n')[0]!.replace('ERROR: <input>:', '')}`
  }
}

describe.each(Object.entries(facts as unknown as Record<string, Fact[]>))('%s', (_, rows) => {
  it.each(rows)('%s is %s', (expression, result, cost) => {
    const budget = new CostBudget(1_000_000)

    expect(evaluate(expression, budget)).toBe(result)
    if (cost !== undefined) expect(budget.spent).toBe(cost)
  })
})
