import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { JsonSyntaxError } from '../json-codec.ts'
import { equalJson } from '../json-value.ts'
import { decodeYaml } from './decode.ts'
import { encodeYaml } from './encode.ts'
import { YamlSyntaxError } from './yaml-syntax-error.ts'

const values = (text: string) => decodeYaml(text).map(({ value }) => value)

function errorOf(text: string, options = {}): YamlSyntaxError {
  try {
    decodeYaml(text, options)
  } catch (error) {
    if (error instanceof YamlSyntaxError || error instanceof JsonSyntaxError) return error
    throw error
  }
  throw new Error(`${text} was accepted`)
}

describe('streams', () => {
  test('documents know their line, empty ones and null are left out', () => {
    const stream = '# head\n---\n\na: 1\n---\n---\n# nothing\n--- # next\nb: 2\n...\n---\nnull\n---\n- c'
    expect(decodeYaml(stream)).toEqual([
      { value: { a: 1 }, line: 4, duplicateKeys: [] },
      { value: { b: 2 }, line: 9, duplicateKeys: [] },
      { value: ['c'], line: 14, duplicateKeys: [] },
    ])
    expect(decodeYaml('')).toEqual([])
  })

  test('JSON documents, also several in a row and between YAML documents', () => {
    expect(decodeYaml('{"a": 1}\n{"b":\n "---"}\n---\nc: 3\n---\n{d: 4}')).toEqual([
      { value: { a: 1 }, line: 1, duplicateKeys: [] },
      { value: { b: '---' }, line: 2, duplicateKeys: [] },
      { value: { c: 3 }, line: 5, duplicateKeys: [] },
      { value: { d: 4 }, line: 7, duplicateKeys: [] },
    ])
  })

  test('line ends of Windows and a byte order mark', () => {
    expect(values('\ufeffa: 1\r\n---\r\nb: |\r\n  x\r\n  y\r\n')).toEqual([{ a: 1 }, { b: 'x\ny\n' }])
  })

  test('nothing but a comment may follow a separator', () => {
    expect(errorOf('a: 1\n--- b', { file: 'f.yaml' })).toMatchObject({
      message: 'error parsing f.yaml: invalid Yaml document separator: b',
      line: 2,
    })
  })
})

describe('scalars mean what they mean to sigs.k8s.io/yaml', () => {
  test.each([
    ['yes', true],
    ['Off', false],
    ['y', true],
    ['~', null],
    ['', null],
    ['nULL', 'nULL'],
    ['0777', 511],
    ['0o17', 15],
    ['08', 8],
    ['0b11', 3],
    ['-0x10', -16],
    ['1_000', 1000],
    ['1:30', '1:30'],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1e400', '1e400'],
    ['18446744073709551616', 2 ** 64],
    ['2020-01-01', '2020-01-01'],
    ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
    ['"yes"', 'yes'],
    ["'1'", '1'],
    ['!!str 1', '1'],
    ['!!int "3"', 3],
    ['!!float 3', 3],
    ['!!binary aGVsbG8=', 'hello'],
    ['!custom 1', '1'],
    ['|-\n  yes', 'yes'],
    ['>\n  x\n  y\n\n  z\n', 'x y\nz\n'],
  ])('%j', (source, value) => {
    expect(values(`a: ${source}`)).toEqual([{ a: value }])
  })

  test('keys become strings', () => {
    expect(values('1: a\n0x10: b\n1.5: c\n1e10: d\non: e\n2020-01-01: f\n.inf: g\n')).toEqual([
      { 1: 'a', 16: 'b', '1.5': 'c', '1e+10': 'd', true: 'e', '2020-01-01': 'f', '.inf': 'g' },
    ])
  })

  test('a key __proto__ is data', () => {
    const [value] = values('__proto__:\n  polluted: true') as [Record<string, unknown>]
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(value.polluted).toBeUndefined()
  })
})

describe('anchors', () => {
  test('aliases copy', () => {
    const [value] = values('a: &x {b: 1}\nc: *x') as [Record<string, unknown>]
    expect(value).toEqual({ a: { b: 1 }, c: { b: 1 } })
    expect(value.a).not.toBe(value.c)
  })

  test('an alias means the nearest anchor before it', () => {
    expect(values('a: &x {m: &y 1}\nb: &y 2\nc: *x\nd: *y')).toEqual([
      { a: { m: 1 }, b: 2, c: { m: 1 }, d: 2 },
    ])
  })

  test('merge keys apply where they stand', () => {
    expect(values('a: &x {b: 1, c: 1}\nd:\n  b: 2\n  <<: *x\n  c: 3')).toEqual([
      { a: { b: 1, c: 1 }, d: { b: 1, c: 3 } },
    ])
    expect(values('a: &x {b: 1}\nc: &y {b: 2, d: 2}\ne:\n  <<: [*x, *y]')).toMatchObject([
      { e: { b: 1, d: 2 } },
    ])
  })

  test('a bomb of aliases is refused', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 9; n++) bomb.push(`a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}]`)
    expect(errorOf(bomb.join('\n')).message).toContain('document contains excessive aliasing')
  })

  test.each([
    ['a: *x', "unknown anchor 'x' referenced"],
    ['a: &x [*x]', "anchor 'x' value contains itself"],
    ['a:\n  <<: 1', 'map merge requires map or sequence of maps as the value'],
  ])('%j is refused', (text, problem) => {
    expect(errorOf(text).message).toContain(problem)
  })
})

describe('errors', () => {
  test.each([
    ['a: b: c', 1, 4, 'mapping values are not allowed in this context'],
    ['x: 1\n---\na:\n\tb: 1', 4, 1, 'found character that cannot start any token'],
    ['a:\n  b: 1\n c: 2', 3, 1, 'did not find expected key'],
    ['a: [b', 1, 6, "did not find expected ',' or ']'"],
    ['a: "b', 1, 6, 'found unexpected end of stream'],
    ['a: - b', 1, 4, 'block sequence entries are not allowed in this context'],
    ['%x: a', 1, 1, 'found unknown directive name'],
    ['a: .inf', 1, 4, 'json: unsupported value: +Inf'],
    ['? [a]\n: b', 1, 3, 'unsupported map key of type: sequence'],
    ['a: !!int x', 1, 10, 'cannot decode !!str `x` as a !!int'],
  ])('%j', (text, line, column, problem) => {
    const error = errorOf(text, { file: 'f.yaml' })
    expect(error.message).toBe(
      `error parsing f.yaml: error converting YAML to JSON: yaml: line ${line}: ${problem} (column ${column})`,
    )
    expect(error).toMatchObject({ name: 'YamlSyntaxError', file: 'f.yaml', line, column })
  })

  test('what starts like JSON has the errors of JSON', () => {
    const error = errorOf('a: 1\n---\n{"a": 1,\n "b" 2}', { file: 'f.json' })
    expect(error).toMatchObject({ name: 'JsonSyntaxError', line: 4, column: 6 })
    expect(error.message).toBe(
      "error parsing f.json: json: line 4: invalid character '2' after object key (column 6)",
    )
  })

  test.each(['['.repeat(20_000), '{a: '.repeat(5000), `a: ${'- '.repeat(5000)}`, '{"a":'.repeat(20_000)])(
    'deep nesting is refused',
    (text) => {
      expect(errorOf(text).message).toMatch(/exceeded max depth|did not find|not allowed/)
    },
  )

  test.each(['flow', 'block'])('500 levels are read, of %s collections, and one more refused', (style) => {
    const nested = (levels: number) =>
      style === 'flow' ? `${'['.repeat(levels)}x${']'.repeat(levels)}` : `${'- '.repeat(levels)}x`
    expect(JSON.stringify(decodeYaml(nested(500))[0]!.value)).toHaveLength(1003)
    expect(errorOf(nested(501)).message).toContain('exceeded max depth of 500')
  })

  test('a document that is nested too deep need not be complete to be refused for that', () => {
    expect(errorOf('['.repeat(20_000)).message).toContain('line 1: exceeded max depth of 500')
  })

  test('complete documents that are nested too deep are refused', () => {
    expect(errorOf(`${'['.repeat(5000)}${']'.repeat(5000)}`).message).toContain('exceeded max depth')
    expect(errorOf(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`).message).toContain('exceeded max depth')
  })
})

describe('duplicate keys', () => {
  const text = 'x: 1\n---\na: 1\nb:\n- c: 1\n  c: 2\na: 3\n'

  test('the last one counts, and they are reported', () => {
    expect(decodeYaml(text)[1]).toEqual({
      value: { a: 3, b: [{ c: 2 }] },
      line: 3,
      duplicateKeys: [
        { path: 'b[0].c', key: 'c', line: 6, column: 3 },
        { path: 'a', key: 'a', line: 7, column: 1 },
      ],
    })
    expect(decodeYaml('---\n\n {"a": 1,\n"a": 2}')[0]!.duplicateKeys).toEqual([
      { path: 'a', key: 'a', line: 4, column: 1 },
    ])
  })

  test('are an error in strict mode', () => {
    const error = errorOf(text, { file: 'f.yaml', strict: true })
    expect(error).toMatchObject({ line: 6, column: 3 })
    expect(error.message).toBe(
      'error parsing f.yaml: error converting YAML to JSON: yaml: unmarshal errors:\n' +
        '  line 6: key "c" already set in map\n  line 7: key "a" already set in map',
    )
  })

  test('a key that replaces a merged one is none', () => {
    expect(() => decodeYaml('a: &x {b: 1}\nc:\n  <<: *x\n  b: 2', { strict: true })).not.toThrow()
  })
})

// Manifests of public projects that are too large for this repository.
const manifests = new URL('../../../../../shared/testdata/', import.meta.url)

test.skipIf(!existsSync(manifests))('real manifests survive encoding and decoding', () => {
  const files = readdirSync(manifests, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yaml'),
  )
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    for (const { value } of decodeYaml(readFileSync(new URL(file, manifests), 'utf8'), {
      file,
      strict: true,
    })) {
      expect(equalJson(decodeYaml(encodeYaml(value))[0]!.value, value)).toBe(true)
    }
  }
})

test.each([
  ['a: {b: 9007199254740993}', '9007199254740993', 'a.b', 1, 8],
  ['a:\n- 0x20000000000001', '0x20000000000001', 'a[0]', 2, 3],
  ['a: 18446744073709551615', '18446744073709551615', 'a', 1, 4],
  ['a: {b: -18446744073709551617}', '-18446744073709551617', 'a.b', 1, 8],
  ['a: !!int 9_007_199_254_740_993', '9_007_199_254_740_993', 'a', 1, 10],
])('an integer that cannot be kept is refused: %j', (text, integer, path, line, column) => {
  expect(() => decodeYaml(text)).toThrow(
    `error converting YAML to JSON: yaml: line ${line}: the integer ${integer} of field "${path}" cannot be kept exactly: integers are exact up to 9007199254740991, write larger ones as text (column ${column})`,
  )
})

test('an integer that cannot be kept is refused in JSON documents of a stream, at its line', () => {
  expect(() => decodeYaml('a: 1\n---\n{"b":\n 9007199254740993}')).toThrow(
    'json: line 4: the integer 9007199254740993 of field "b" cannot be kept exactly',
  )
})

test('a float of as many digits is a double, and text stays text', () => {
  const [document] = decodeYaml(`
a: 9007199254740993.0
b: "9007199254740993"
c: !!float 9007199254740993
d: !!float 18446744073709551617
e: 18446744073709552000`)
  expect(document?.value).toEqual({ a: 2 ** 53, b: '9007199254740993', c: 2 ** 53, d: 2 ** 64, e: 2 ** 64 })
})
