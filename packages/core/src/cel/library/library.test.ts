import { describe, expect, it } from 'vitest'
import { boolType, formatCelType, intType, listType, stringType } from '../cel-type.ts'
import { CelOptional, CelUint, type CelValue } from '../cel-value.ts'
import { ArrayList } from '../collections.ts'
import { compileExpression } from '../compile.ts'
import { formatDouble } from '../conversion.ts'
import { CostBudget } from '../cost-budget.ts'
import { createCelEnvironment } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { CelProgramError } from '../program-error.ts'
import { CelCompileError } from '../source-error.ts'
import { isList, isMap, isOpaque } from '../value-type.ts'
import { jsonPatchLibrary, kubernetesLibraries } from './index.ts'
import facts from './library-facts.json' with { type: 'json' }

/**
 * Expressions, what they evaluate to in the environment of a Kubernetes 1.37 API server, and what that costs there:
 * a value, `error: …` or `refused: …`.
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
  it.each(rows.map(([expression, result, cost]) => ({ expression, result, cost })))(
    '$expression is $result',
    ({ expression, result, cost }) => {
      const budget = new CostBudget(1_000_000)

      expect(evaluate(expression, budget)).toBe(result)
      if (cost !== undefined) expect(budget.spent).toBe(cost)
    },
  )
})

it.each([
  ["s.find('(') == ''", 'error parsing regexp: missing closing ): `(`'],
  ["s.findAll('[') == l", 'error parsing regexp: missing closing ]: `[`'],
  ["s.matches(string('('))", 'error parsing regexp: missing closing ): `(`'],
  ["true || int('abc') == 1", "type conversion error from 'string' to 'int'"],
  ['uint(-1) == 1u', 'unsigned integer overflow'],
])('makes no program of %s', (source, message) => {
  expect(() => evaluate(source)).toThrow(new CelProgramError(boolType, message))
})

describe('of what costs little in Kubernetes and takes long', () => {
  const long = 'x'.repeat(1_000_000)
  const numbers = Array.from({ length: 600 }, (_, index) => BigInt(index))
  const lists = new ArrayList(numbers.map(() => new ArrayList(numbers)))
  const large = createCelEnvironment({
    variables: { long: stringType, lists: listType(listType(intType)), digits: stringType },
    libraries: kubernetesLibraries,
  })
  const values = { long, lists, digits: `1${'0'.repeat(1_000_000)}1` }
  const run = (source: string) => compileExpression(source, large).evaluate(values, new CostBudget(1_000_000))

  it.each([
    'lists.distinct()',
    'sets.equivalent(lists, lists)',
    "long.replace('', long)",
    'lists.map(e, long).join()',
    "lists.all(e, long.charAt(999999) == 'x')",
    'isQuantity(digits)',
    'lists.range(1000000)',
    'lists.map(e, long).max()',
    "lists.all(e, long.find('(x+x+)+y') == '')",
  ])('%s is stopped', (source) => {
    expect(() => run(source)).toThrow('operation cancelled: actual cost limit exceeded')
  })

  it('searches with a pattern that would have JavaScript backtrack for ever', () => {
    expect(run("long.find('(x+x+)+y')")).toBe('')
    expect(run("long.matches('(x+x+)+y')")).toBe(false)
  })
})
