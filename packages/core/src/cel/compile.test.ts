import { describe, expect, test } from 'vitest'
import {
  boolType,
  doubleType,
  dynType,
  intType,
  listType,
  mapType,
  stringType,
  uintType,
} from './cel-type.ts'
import { CelUint, type CelValue } from './cel-value.ts'
import { compileExpression } from './compile.ts'
import { twoVariableLibrary } from './comprehension-library.ts'
import { CostBudget } from './cost-budget.ts'
import { createCelEnvironment } from './environment.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { celToJson, jsonToCel } from './json-value.ts'
import { optionalLibrary } from './optional-library.ts'
import { CelCompileError } from './source-error.ts'

const environment = createCelEnvironment({
  libraries: [optionalLibrary, twoVariableLibrary],
  variables: {
    self: dynType,
    s: stringType,
    i: intType,
    u: uintType,
    d: doubleType,
    b: boolType,
    li: listType(intType),
    ls: listType(stringType),
    ms: mapType(stringType, stringType),
    mi: mapType(stringType, intType),
  },
})

const variables: Record<string, CelValue> = {
  self: jsonToCel({
    a: { b: 3, name: 'hello' },
    list: [1, 2, 3],
    items: [
      { n: 'x', v: 1 },
      { n: 'y', v: 2 },
    ],
    z: null,
    f: 1.5,
  }),
  s: 'hello world',
  i: 5n,
  u: new CelUint(7n),
  d: 2.5,
  b: true,
  li: jsonToCel([1, 2, 3, 4]),
  ls: jsonToCel(['a', 'bb', 'ccc']),
  ms: jsonToCel({ k: 'v' }),
  mi: jsonToCel({ one: 1 }),
}

function evaluate(source: string): { value: CelValue; cost: number } {
  const budget = new CostBudget(1_000_000)
  const value = compileExpression(source, environment).evaluate(variables, budget)
  return { value, cost: budget.spent }
}

function errorOf(action: () => unknown): Error {
  try {
    action()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}

/** Values and costs are those of cel-go 0.29.2 with the environment of Kubernetes 1.34. */
describe('an expression has the value and the cost that cel-go gives it', () => {
  test.each<[source: string, value: unknown, cost: number]>([
    // Fields, indices, presence
    ['self.a.b', 3, 3],
    ['self.list[self.a.b - 1]', 3, 7],
    ['self["a"]["b"]', 3, 3],
    ['(b ? self.a : self.items).b', 3, 3],
    ['has(self.a.b)', true, 2],
    ['has(self.zzz)', false, 1],
    ['has(self.z.x)', false, 2],
    ['{"a": i}.a', 5, 33],
    // Comprehensions
    ['self.list.all(x, x > 0)', true, 18],
    ['self.list.exists(x, x == 2)', true, 18],
    ['self.list.exists_one(x, x == 2)', true, 12],
    ['self.list.map(x, x * 2)', [2, 4, 6], 45],
    ['self.list.map(x, x > 1, x * 2)', [4, 6], 37],
    ['self.list.filter(x, x > 1)', [2, 3], 35],
    ['mi.exists(k, mi[k] > 0)', true, 9],
    ['li.transformList(k, v, v > 1, k * v)', [2, 6, 12], 55],
    ['mi.transformMap(k, v, v + 1)', { one: 2 }, 7],
    ['mi.transformMapEntry(k, v, {string(v): k})', { 1: 'one' }, 37],
    ['li.existsOne(k, v, v == 3)', true, 13],
    // Operators
    ['1 + 2 * 3', 7, 2],
    ['1 < 2 == true', true, 2],
    ['b ? (b ? 1 : 2) : 3', 1, 2],
    ['---i', -5, 2],
    ['dyn(1u) == 1', true, 1],
    ['i < 5.5 && u > i', true, 5],
    ['[1, 2] + li == [1, 2, 1, 2, 3, 4]', true, 3],
    ['i in [1, 2, 5]', true, 1],
    ['i in li', false, 6],
    ['"k" in ms', true, 2],
    // Text
    ["s.startsWith('hello') && s.endsWith('world') && s.contains('o w')", true, 7],
    ["s.matches('^h.*d$')", true, 5],
    ['s + " " + s', 'hello world hello world', 7],
    ["'😀a'.size() + size('é')", 3, 3],
    ["'😀' > '\\uffff'", true, 1],
    ["'\\x41\\101\\u0041\\U00000041'", 'AAAA', 0],
    ["r'\\d' + '''a\nb'''", '\\da\nb', 1],
    // Conversions
    ['string(1e6) + string(1e-7) + string(0.1)', '1e+061e-070.1', 3],
    ['string(duration("1h30m1.5s"))', '5401.5s', 0],
    ['int(d) + int("7") + int(u)', 16, 6],
    ['double("-inf") < d', true, 2],
    ["string(b'\\xc3\\xa9') + string(bytes('é'))", 'éé', 1],
    ['type(1) == int && type(self) == map', true, 4],
    // Times
    ["string(timestamp('2023-01-02T03:04:05.678+01:00'))", '2023-01-02T03:04:05.678+01:00', 0],
    ["timestamp('2000-01-01T00:00:00Z').getFullYear('America/New_York')", 1999, 1],
    ["timestamp('2000-01-01T00:00:00Z').getDate('-08:00')", 31, 1],
    ["timestamp('2000-03-01T00:00:00.5Z').getDayOfYear('UTC')", 60, 1],
    ["timestamp('2000-01-01T00:00:00Z') - timestamp('1999-01-01T00:00:00Z')", '31536000s', 1],
    ["(timestamp(0) + duration('1.000000001s')).getSeconds()", 1, 2],
    ["duration('90m').getHours()", 1, 1],
    // Optional values
    ['self.a.?b.orValue(0)', 3, 3],
    ['self.?zzz.?b.orValue(5)', 5, 1],
    ['self.list[?9].hasValue()', false, 3],
    ['self.?a.b.optMap(x, x + 1).orValue(0)', 4, 11],
    ["{?'a': optional.none(), ?'b': optional.of(1)}", { b: 1 }, 32],
    ["[?ms[?'z'], ?ms[?'k']]", ['v'], 13],
    ['[optional.of(1), optional.none()].unwrapOpt()', [1], 13],
    ['optional.ofNonZeroValue(0) == optional.none()', true, 3],
    // What the grammar of the parser lacks
    ['.5 + 1.0', 1.5, 1],
    ['self.`a`.`name`', 'hello', 3],
    ['.s == s', true, 4],
    ['[,].size() + [1,].size()', 1, 3],
  ])('%s', (source, value, cost) => {
    const result = evaluate(source)
    expect(celToJson(result.value)).toEqual(value)
    expect(result.cost).toBe(cost)
  })
})

test.each<[source: string, value: boolean]>([
  ['1 / 0 == 1 && false', false],
  ['1 / 0 == 1 || true', true],
  ['[0, 1].exists(x, 1 / x > 0)', true],
  ['[0, 2].all(x, 4 / x > 10)', false],
])('an error is absorbed where another term decides: %s', (source, value) => {
  expect(evaluate(source).value).toBe(value)
})

describe('an evaluation fails with the error of cel-go', () => {
  test.each([
    ['self.zzz', 'no such key: zzz'],
    ['self.z.x', 'no such key: x'],
    ["ms['zz']", 'no such key: zz'],
    ['li[5]', 'index out of bounds: 5'],
    ['li[dyn(1.5)]', 'unsupported index value 1.5 in list'],
    ["li[dyn('a')]", "unsupported index type 'string' in list"],
    ['i / 0', 'division by zero'],
    ['i % 0', 'modulus by zero'],
    ['9223372036854775807 + i', 'integer overflow'],
    ['u - 10u', 'unsigned integer overflow'],
    ['-(-9223372036854775808 + i - i)', 'integer overflow'],
    ['double("NaN") < d', 'NaN values cannot be ordered'],
    ["timestamp('9999-12-31T23:59:59Z') + duration('1s')", 'timestamp overflow'],
    ["timestamp('2000-01-01T00:00:00Z').getHours('nowhere')", 'unknown time zone nowhere'],
    ['int(s)', "type conversion error from 'string' to 'int'"],
    ['timestamp(s)', "type conversion error from 'string' to 'google.protobuf.Timestamp'"],
    ['dyn(s) + 1', 'no such overload'],
    ['self.a + 1', 'no such overload: _+_'],
    ["self.a.b.startsWith('he')", 'no such overload'],
    ['self.a ? 1 : 2', 'no such overload'],
    ['self.a.b.all(k, true)', "got 'types.Int', expected iterable type"],
    ['optional.none().value()', 'optional.none() dereference'],
    ["li.transformMapEntry(k, v, {'x': k})", 'insert failed: key x already exists'],
    ['1 / 0 == 1 || false', 'division by zero'],
  ])('%s', (source, message) => {
    const { evaluate } = compileExpression(source, environment)
    const error = errorOf(() => evaluate(variables, new CostBudget(1_000_000)))
    expect(error).toBeInstanceOf(CelEvaluationError)
    expect(error.message).toBe(message)
  })
})

describe('an expression is refused with the messages of cel-go', () => {
  test.each([
    ['foo.bar', "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo.bar\n | ^"],
    ['s.foo()', "ERROR: <input>:1:6: undeclared reference to 'foo' (in container '')\n | s.foo()\n | .....^"],
    [
      "i +\n 'é' + d",
      "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | i +\n | ..^",
    ],
    [
      "'é' == s && s.size(1)",
      "ERROR: <input>:1:19: found no matching overload for 'size' applied to 'string.(int)'\n" +
        " | 'é' == s && s.size(1)\n | .．................^",
    ],
    [
      'i && li',
      "ERROR: <input>:1:1: expected type 'bool' but found 'int'\n | i && li\n | ^\n" +
        "ERROR: <input>:1:6: expected type 'bool' but found 'list(int)'\n | i && li\n | .....^",
    ],
    ['i.foo', "ERROR: <input>:1:2: type 'int' does not support field selection\n | i.foo\n | .^"],
    [
      'i.all(x, x > 0)',
      "ERROR: <input>:1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)\n" +
        ' | i.all(x, x > 0)\n | ^',
    ],
    [
      'li.all(1, true)',
      'ERROR: <input>:1:8: argument must be a simple name\n | li.all(1, true)\n | .......^',
    ],
    ['has(i)', 'ERROR: <input>:1:5: invalid argument to has() macro\n | has(i)\n | ....^'],
    ["[1, 'a']", "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a']\n | ....^"],
    [
      "[1, dyn('a')]",
      "ERROR: <input>:1:8: expected type 'int' but found 'dyn'\n | [1, dyn('a')]\n | .......^",
    ],
    ["duration('x')", "ERROR: <input>:1:10: invalid duration argument\n | duration('x')\n | .........^"],
    ["s.matches('(')", "ERROR: <input>:1:11: invalid matches argument\n | s.matches('(')\n | ..........^"],
    ['9223372036854775808', 'ERROR: <input>:1:1: invalid int literal\n | 9223372036854775808\n | ^'],
    ['if', 'ERROR: <input>:1:1: reserved identifier: if\n | if\n | ^'],
    [
      'a ? b ? 1 : 2 : 3',
      "ERROR: <input>:1:7: Syntax error: mismatched input '?' expecting ':'\n" +
        ' | a ? b ? 1 : 2 : 3\n | ......^',
    ],
  ])('%s', (source, message) => {
    const error = errorOf(() => compileExpression(source, environment))
    expect(error).toBeInstanceOf(CelCompileError)
    expect(error.message).toBe(message)
  })
})

/** Of several messages of ANTLR, which recovers in more ways, all are given that are told here. */
describe('a syntax error is worded as by the parser of cel-go', () => {
  const operand =
    "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
  test.each([
    ['i +', `1:4: mismatched input '<EOF>' expecting ${operand}`],
    ['1 + `a`', `1:5: mismatched input '\`a\`' expecting ${operand}`],
    ['i > 1 and b', "1:7: mismatched input 'and' expecting <EOF>"],
    ['i >< 1', `1:4: extraneous input '<' expecting ${operand}`],
    ['(i + 1', "1:7: missing ')' at '<EOF>'"],
    ['(i + 1))', "1:8: extraneous input ')' expecting <EOF>"],
    ['[size(s]', "1:8: missing ')' at ']'"],
    ['[1, 2', "1:6: mismatched input '<EOF>' expecting {']', ','}"],
    ['[1 2]', "1:4: extraneous input '2' expecting {']', ','}"],
    ["{'a' 1}", "1:6: missing ':' at '1'"],
    ['size(s,)', `1:8: mismatched input ')' expecting ${operand}`],
    ['b ? 1', "1:6: mismatched input '<EOF>' expecting ':'"],
    ['s..size()', "1:3: no viable alternative at input '..'"],
    ['self.true', "1:6: mismatched input 'true' expecting IDENTIFIER"],
    ['X{1: 2}', "1:3: mismatched input '1' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}"],
    ['i = 1', "1:3: token recognition error at: '= '", "1:5: extraneous input '1' expecting <EOF>"],
    [
      "s == 'a",
      "1:6: token recognition error at: ''a'",
      `1:8: mismatched input '<EOF>' expecting ${operand}`,
    ],
  ])('%s', (source, ...messages) => {
    const lines = errorOf(() => compileExpression(source, environment)).message.split('\n')
    const errors = lines.filter((line) => line.startsWith('ERROR: '))
    expect(errors).toEqual(
      messages.map((message) => `ERROR: <input>:${message.replace(': ', ': Syntax error: ')}`),
    )
  })

  test('a dot in front of a macro is none of its receivers', () => {
    expect(errorOf(() => compileExpression('!.all(x, true)', environment))).toBeInstanceOf(CelCompileError)
  })
})

test('an expression knows its type and its overloads', () => {
  const { resultType, checked } = compileExpression('li.map(x, x > i)', environment)
  expect(resultType).toEqual(listType(boolType))
  expect(checked).toMatchObject({
    kind: 'comprehension',
    iterVar: 'x',
    loopStep: { function: '_+_', overloadIds: ['add_list'] },
  })
})

test('an expression can be evaluated within an evaluation of itself', () => {
  const recursive = createCelEnvironment({ variables: { self: dynType } })
  const compiled = compileExpression('[1, 2].all(x, self.inner ? x > 0 : x == x)', recursive)
  const inner = () => compiled.evaluate({ self: jsonToCel({ inner: true }) }, new CostBudget(1_000))
  const self = { celKind: 'map', size: 1, keys: () => ['inner'], get: () => inner() } as const
  expect(compiled.evaluate({ self }, new CostBudget(1_000))).toBe(true)
})
