import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equalJson } from '../json-value.ts'
import { decodeYaml } from './decode.ts'
import { encodeYaml } from './encode.ts'

// Every expected text is the output of sigs.k8s.io/yaml.
describe('encodeYaml', () => {
  test('sorts keys and does not indent sequences below a key', () => {
    const object = {
      spec: { list: [{ b: 1, a: [2, [3, []]] }, 'x'], empty: {} },
      kind: 'A',
      nothing: null,
      left: undefined,
    }
    expect(encodeYaml(object)).toBe(
      'kind: A\nnothing: null\nspec:\n  empty: {}\n  list:\n  - a:\n    - 2\n    - - 3\n      - []\n    b: 1\n  - x\n',
    )
  })

  test.each([
    [null, 'null\n'],
    [{}, '{}\n'],
    [[], '[]\n'],
    ['', '""\n'],
    [true, 'true\n'],
    [0.00001, '1e-05\n'],
    [1234567.5, '1.2345675e+06\n'],
    [1e19, '10000000000000000000\n'],
    [1e20, '1e+20\n'],
  ])('writes %j alone', (value, text) => {
    expect(encodeYaml(value)).toBe(text)
  })

  test.each([
    ...[
      'yes',
      'no',
      'on',
      'y',
      'N',
      'null',
      '~',
      'True',
      '1',
      '0x1f',
      '0777',
      '1_000',
      '1.5',
      '1e3',
      '.5',
      '.inf',
    ],
    ...['1:30', '190:20:30', '2020-01-01', '2020-1-1T1:2:3Z', '2001-12-14 21:59:43.10', '08', '0o7', '+1'],
  ])('quotes %j, which YAML 1.1 reads as something else', (text) => {
    expect(encodeYaml({ a: text })).toBe(`a: "${text}"\n`)
    expect(encodeYaml({ [text]: 1 })).toBe(`"${text}": 1\n`)
  })

  test.each([
    '2020-13-01',
    '2021-02-29',
    'a#b',
    'a b',
    '-a',
    'a:b',
    '::a',
    '1.2.3',
    '=',
    'nulla',
    'é',
    '?x',
    '--a',
  ])('leaves %j plain', (text) => {
    expect(encodeYaml([text])).toBe(`- ${text}\n`)
  })

  test.each([
    ['- a', "'- a'"],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    [' a', "' a'"],
    ['a ', "'a '"],
    ["'q'", "'''q'''"],
    ['@a', "'@a'"],
    ['---', "'---'"],
    ['a\tb', '"a\\tb"'],
    ['a\rb', '"a\\rb"'],
    ['a\u0001', '"a\\x01"'],
    ['\u{1f600}', '"\\U0001F600"'],
  ])('quotes %j as %s', (text, quoted) => {
    expect(encodeYaml(text)).toBe(`${quoted}\n`)
  })

  test.each([
    ['x\ny\n', '|\n  x\n  y\n'],
    ['x\ny', '|-\n  x\n  y\n'],
    ['x\n\n', '|+\n  x\n\n'],
    ['\nx', '|2-\n\n  x\n'],
    ['  x\ny\n', '|2\n    x\n  y\n'],
    ['\n', '|2+\n\n'],
    ['x \ny', '"x \\ny"\n'],
    ['x\ny ', '"x\\ny "\n'],
    ['x\n\ty', '"x\\n\\ty"\n'],
  ])('writes %j in lines', (text, block) => {
    expect(encodeYaml({ a: text })).toBe(`a: ${block}`)
  })

  test('wraps long lines', () => {
    const text = 'lorem ipsum dolor '.repeat(8).trim()
    expect(encodeYaml({ a: { b: text } })).toBe(
      'a:\n  b: lorem ipsum dolor lorem ipsum dolor lorem ipsum dolor lorem ipsum dolor lorem\n' +
        '    ipsum dolor lorem ipsum dolor lorem ipsum dolor lorem ipsum dolor\n',
    )
    expect(encodeYaml([`${text}: x`])).toBe(
      "- 'lorem ipsum dolor lorem ipsum dolor lorem ipsum dolor lorem ipsum dolor lorem ipsum\n" +
        "  dolor lorem ipsum dolor lorem ipsum dolor lorem ipsum dolor: x'\n",
    )
  })

  test('writes keys that are long or have lines with a question mark', () => {
    expect(encodeYaml({ 'k\n': [1], ['x'.repeat(129)]: { a: 1 } })).toBe(
      `? |\n  k\n: - 1\n? ${'x'.repeat(129)}\n: a: 1\n`,
    )
  })

  test('orders keys with numbers by their numbers', () => {
    const keys = ['key10', 'key9', 'a', 'A', '10', '9', 'z_1', 'z-1', 'a01', 'a1', 'a1b2']
    const written = encodeYaml(Object.fromEntries(keys.map((key) => [key, null])))
    expect(
      written
        .replaceAll(/"|: null/g, '')
        .trim()
        .split('\n'),
    ).toEqual(['9', '10', 'A', 'a', 'a1', 'a1b2', 'a01', 'key9', 'key10', 'z-1', 'z_1'])
  })

  test('quotes a key << and keeps __proto__', () => {
    expect(encodeYaml({ '<<': '<<' })).toBe('"<<": <<\n')
    expect(encodeYaml(JSON.parse('{"__proto__": 1}'))).toBe('__proto__: 1\n')
  })

  test('refuses numbers that JSON does not have', () => {
    expect(() => encodeYaml([Number.NaN])).toThrow('json: unsupported value: NaN')
  })
})

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1',
    '1e3',
    '.inf',
    '2020-01-01',
    '<<',
    '0777',
    '- a',
    'a: b',
    '# x',
    '|',
    '---',
  ),
  fc
    .array(
      fc.constantFrom(
        'a',
        ' ',
        '\n',
        ':',
        '#',
        '-',
        "'",
        '"',
        '\t',
        '\r',
        '\u2028',
        '\u0085',
        '\ufeff',
        'word ',
      ),
    )
    .map((pieces) => pieces.join('')),
)
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

test('any JSON reads back as it was written', () => {
  fc.assert(
    fc.property(json, (value) => {
      const [document] = decodeYaml(encodeYaml({ value }), { strict: true })
      expect(equalJson(document!.value, { value: JSON.parse(JSON.stringify(value)) })).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
