import { describe, expect, test } from 'vitest'
import { dynType, intType, listType, mapType, stringType } from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import { compileExpression } from './compile.ts'
import { CostBudget, CostExceededError } from './cost-budget.ts'
import { createCelEnvironment } from './environment.ts'
import { jsonToCel } from './json-value.ts'
import { optionalLibrary } from './optional-library.ts'

const environment = createCelEnvironment({
  libraries: [optionalLibrary],
  variables: { l: listType(intType), s: stringType, m: mapType(stringType, intType), self: dynType },
})

const text = 'é'.repeat(200_000)
const numbers = Array.from({ length: 1_000 }, (_, index) => index)
const object = Object.fromEntries(numbers.map((number) => [`key${number}`, number]))
const variables: Record<string, CelValue> = {
  l: jsonToCel(numbers),
  s: text,
  m: jsonToCel(object),
  self: jsonToCel({ numbers, object, text }),
}

/** Names `first`, then `next` of what was named last (`#`), again and again, and ends with `end` of the last name. */
function repeated(first: string, next: string, end: string, prefix = 'v', times = 40): string {
  const names = Array.from({ length: times }, (_, index) => `${prefix}${index}`)
  const loops = names.map((name, index) => {
    const value = index === 0 ? first : next.replaceAll('#', names[index - 1]!)
    return `[${value}].all(${name}, `
  })
  return `${loops.join('')}${end.replaceAll('#', names.at(-1)!)}${')'.repeat(times)}`
}

describe('an evaluation ends when its budget is spent', () => {
  test.each([
    ['nested loops', 'l.all(x, l.all(y, l.all(z, x + y + z >= 0)))'],
    ['nested loops in which errors are absorbed', 'l.all(x, l.all(y, l.exists(z, 1 / 0 > z)))'],
    ['lists of lists of lists', 'l.map(x, l.map(y, l.map(z, x)))'],
    ['a text that doubles', repeated('s', '# + #', '#.size() > 0')],
    ['a text of unknown type that doubles', repeated('dyn(s)', '# + #', '#.size() > 0')],
    ['a list that doubles', repeated('l', '# + #', '#.all(x, x >= 0)')],
    ['equality of nested lists', repeated('l', '[#, #]', repeated('l', '[#, #]', 'v39 == #', 'w'))],
    ['the size of a long text', 'l.all(x, l.all(y, s.size() > 0))'],
    ['the size of an object', 'l.all(x, l.all(y, self.object.size() > 0))'],
    ['a pattern that grows', "l.all(x, self.text.matches('(é{500}){2}a'))"],
    ['a pattern that makes others backtrack', "l.all(x, self.text.matches('(é|éé)+$'))"],
    ['numbers in a long text', 'l.all(x, l.all(y, dyn(double(s)) > 0.0 || true))'],
    ['keys that are objects', 'l.all(x, l.all(y, m[dyn(self.object)] == 1 || true))'],
    ['time zones', "l.all(x, l.all(y, timestamp(x).getHours('Asia/Kolkata') >= 0))"],
  ])('%s', (_, source) => {
    const compiled = compileExpression(source, environment)
    expect(() => compiled.evaluate(variables, new CostBudget(100_000))).toThrow(CostExceededError)
  })
})

describe('an expression that would grow without end is refused', () => {
  test.each([
    [
      'macros that double their target',
      `optional.of(1)${'.optMap(x, x + 1)'.repeat(40)}`,
      'expression is too large',
    ],
    ['types that double', repeated('{1: 1}', '{#: #}', '#.size() > 0'), 'type is made of more than'],
    ['brackets', `${'('.repeat(2_000)}1${')'.repeat(2_000)}`, 'expression recursion limit exceeded: 250'],
    ['a long sum', Array(20_000).fill('1').join('+'), 'expression recursion limit exceeded: 250'],
    ['a long chain of fields', `self${'.a'.repeat(20_000)}`, 'expression recursion limit exceeded: 250'],
    [
      'a long source',
      ' '.repeat(100_001),
      'expression code point size exceeds limit: size: 100001, limit 100000',
    ],
  ])('%s', (_, source, message) => {
    expect(() => compileExpression(source, environment)).toThrow(message)
  })
})

test('as many terms and signs as fit into a source are evaluated', () => {
  const evaluate = (source: string) =>
    compileExpression(source, environment).evaluate(variables, new CostBudget(1e6))
  expect(evaluate(`${'1 == 2 || '.repeat(9_000)}true`)).toBe(true)
  expect(evaluate(`${'-'.repeat(50_000)}1`)).toBe(1n)
})
