import { describe, expect, test } from 'vitest'
import { JsonPathError, parseJsonPath } from './jsonpath.ts'

const data = {
  kind: 'List',
  nothing: null,
  text: 'str',
  integer: 1234567,
  fraction: 1234567.5,
  yes: true,
  empty: [],
  nested: [
    [1, 2],
    [3, 4],
  ],
  items: [
    { name: 'a', v: 1, labels: { 'k8s.io/x': 'y' }, ports: [{ c: 80 }, { c: 443 }] },
    { name: 'b', v: 2, absent: null, ports: [] },
    { name: 'c', v: 3, quoted: 'x)y' },
  ],
  'a.b': { c: 1 },
}

describe('print', () => {
  // Compared with the output of k8s.io/client-go/util/jsonpath.
  test.each([
    ['text only', 'text only'],
    ['', ''],
    ['{.kind}', 'List'],
    ['{$.kind}', 'List'],
    ['{ .kind }', 'List'],
    ['{.text}-{.integer}', 'str-1234567'],
    ['{.nothing}', 'null'],
    ['{.yes}', 'true'],
    ['{.fraction}', '1.2345675e+06'],
    ['{.empty}', '[]'],
    ['{.nested[*]}', '[1,2] [3,4]'],
    ['{.nested[*][0]}', '1 3'],
    ['{.items[0].name}', 'a'],
    ['{.items[-1].name}', 'c'],
    ['{.items[0:2].name}', 'a b'],
    ['{.items[:-1].name}', 'a b'],
    ['{.items[-2:].name}', 'b c'],
    ['{.items[::2].name}', 'a c'],
    ['{.items[0, 2].name}', 'a c'],
    ['{.items[*].ports[*].c}', '80 443'],
    ["{.items[0]['name','v']}", 'a 1'],
    ["{.items[0]['name']}", 'a'],
    ["{.items[0].labels['k8s\\.io/x']}", 'y'],
    ['{.items[0].labels.k8s\\.io/x}', 'y'],
    ['{.a\\.b.c}', '1'],
    ['{..name}', 'a b c'],
    ['{.items..c}', '80 443'],
    ['{.items[?(@.v>1)].name}', 'b c'],
    ['{.items[?(@.v>=2)].name}', 'b c'],
    ['{.items[?(@.v!=1)].name}', 'b c'],
    ['{.items[?(@.v<2)].name}', 'a'],
    [`{.items[?(@.name=="b")].v}`, '2'],
    [`{.items[?(@.name=='b')].v}`, '2'],
    ['{.items[?(@.absent)].name}', 'b'],
    ['{.items[?(@.quoted=="x)y")].name}', 'c'],
    ['{range .items[*]}{.name}{"\\n"}{end}', 'a\nb\nc\n'],
    ['{range .items[*]}{.name}={.v},{end}!', 'a=1,b=2,c=3,!'],
    ['{range .empty[*]}{range .x[*]}{.z}{end}{end}done', 'done'],
    ['{range .items[?(@.v>1)]}[{.name}]{end}', '[b][c]'],
    ['{"a\\tb\\"c"}', 'a\tb"c'],
    ['{1}{-2}{1.5}{true}', '1-21.5true'],
  ])('%s prints %j', (template, text) => {
    expect(parseJsonPath(template, { allowMissingKeys: true }).print(data)).toBe(text)
  })

  test('nested ranges', () => {
    const template = '{range .items[*]}{range .ports[*]}{.c} {end};{end}'
    expect(parseJsonPath(template, { allowMissingKeys: true }).print(data)).toBe('80 443 ;;;')
  })

  test('a path can be used again', () => {
    const path = parseJsonPath('{range .items[*]}{.name}{end}')
    expect([path.print(data), path.print(data)]).toEqual(['abc', 'abc'])
  })
})

describe('errors', () => {
  test.each([
    ['{.kind', 'unclosed action'],
    ['{.items[0}', 'unterminated array'],
    ['{.items[a]}', 'invalid array index a'],
    ['{.items[-]}', 'array index - is not a number'],
    ['{"a', 'unterminated quoted string'],
    ['{"\\q"}', 'unquote string "\\q" error invalid syntax'],
    ['{|}', "unrecognized character in action: U+007C '|'"],
    ['{.items[?(@.x]}', 'unterminated filter'],
    ['{.items[?(@.x)}', 'unclosed array expect ]'],
    ['{....}', 'invalid multiple recursive descent'],
    ['{+}', 'cannot parse number +'],
  ])('%s does not parse: %s', (template, message) => {
    expect(() => parseJsonPath(template)).toThrow(new JsonPathError(message))
  })

  test.each([
    ['{.zz}', 'zz is not found'],
    ['{.kind.x}', 'x is not found'],
    ['{.nothing.x}', 'x is not found'],
    ['{.items[*].zz}', 'zz is not found'],
    ['{.items[3]}', 'array index out of bounds: index 3, length 3'],
    ['{.items[-4]}', 'array index out of bounds: index -1, length 3'],
    ['{.items[2:1]}', 'starting index 2 is greater than ending index 1'],
    ['{.items[0:3:0]}', 'step must be > 0'],
    ['{.kind[0]}', 'string is not array or slice'],
    ['{.integer[0]}', 'int64 is not array or slice'],
    ['{.items[0][0]}', 'map[string]interface {} is not array or slice'],
    ['{.a\\.b[?(@.x)]}', 'map[c:1] is not array or slice and cannot be filtered'],
    ['{.items[?(@.v=="1")]}', 'incompatible types for comparison'],
    ['{.items[?(@.ports==1)]}', 'invalid type for comparison'],
    ['{.items[?(@.v===1)]}', 'unrecognized filter operator ==='],
    ['{.items[?(@.ports[*].c==80)]}', 'can only compare one element at a time'],
    ['{foo}', 'unrecognized identifier foo'],
    ['{end}', 'not in range, nothing to end'],
  ])('%s does not fit the data: %s', (template, message) => {
    expect(() => parseJsonPath(template).print(data)).toThrow(new JsonPathError(message))
  })

  test('missing keys may be allowed', () => {
    expect(parseJsonPath('{.zz.y}', { allowMissingKeys: true }).findResults(data)).toEqual([[]])
    expect(parseJsonPath('{.zz[0]}', { allowMissingKeys: true }).findResults(data)).toEqual([[]])
  })

  test('what an object inherits is not a field', () => {
    expect(() => parseJsonPath('{.toString}').findResults({})).toThrow('toString is not found')
    expect(() => parseJsonPath('{.a.constructor}').findResults({ a: {} })).toThrow('constructor is not found')
  })
})

test('findResults keeps the values of each action', () => {
  expect(parseJsonPath('{.items[*].v}{.kind}').findResults(data)).toEqual([[1, 2, 3], ['List']])
})

test('printJson prints an array for each action', () => {
  expect(parseJsonPath('{.items[*].v}').printJson(data)).toBe('[\n    1,\n    2,\n    3\n]\n')
})
