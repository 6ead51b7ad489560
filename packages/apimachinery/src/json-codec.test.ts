import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, decodeJson, encodeJson, exactJson, JsonSyntaxError } from './json-codec.ts'
import { findDuplicateFields } from './json-scanner.ts'
import { equalJson, maxJsonDepth } from './json-value.ts'

function errorOf(text: string, options = {}): JsonSyntaxError {
  try {
    decodeJson(text, options)
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error
    throw error
  }
  throw new Error(`${text} was accepted`)
}

describe('decodeJson', () => {
  test.each([
    ['', 'unexpected end of JSON input', 1, 1],
    ['{', 'unexpected end of JSON input', 1, 2],
    ['{\n  "a": 1,\n}', "invalid character '}' looking for beginning of object key string", 3, 1],
    ['{"a" 1}', "invalid character '1' after object key", 1, 6],
    ['{"a": 1 "b": 2}', `invalid character '"' after object key:value pair`, 1, 9],
    ['[1 2]', "invalid character '2' after array element", 1, 4],
    ['{"a": b}', "invalid character 'b' looking for beginning of value", 1, 7],
    ['{"a": trve}', "invalid character 'v' in literal true (expecting 'u')", 1, 9],
    ['"a\nb"', "invalid character '\\n' in string literal", 1, 3],
    ['"\\q"', "invalid character 'q' in string escape code", 1, 3],
    ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape", 1, 6],
    ['1.x', "invalid character 'x' after decimal point in numeric literal", 1, 3],
    ['01', "invalid character '1' after top-level value", 1, 2],
    ['-', 'unexpected end of JSON input', 1, 2],
    ['{} {}', "invalid character '{' after top-level value", 1, 4],
  ])('places the mistake in %j', (text, problem, line, column) => {
    const error = errorOf(text, { file: 'a.json' })
    expect(error.message).toBe(`error parsing a.json: json: line ${line}: ${problem} (column ${column})`)
    expect(error).toMatchObject({ file: 'a.json', line, column })
  })

  test('refuses duplicate fields only in strict mode', () => {
    const text = '{"spec": {"a": 1,\n "a": 2, "l": [{}, {"b": 1, "\\u0062": 2}]}}'
    expect(decodeJson(text)).toMatchObject({ spec: { a: 2 } })
    const error = errorOf(text, { strict: true })
    expect(error.message).toBe(
      'strict decoding error: duplicate field "spec.a", duplicate field "spec.l[1].b"',
    )
    expect(error).toMatchObject({ line: 2, column: 2 })
  })

  test('keeps __proto__ as data', () => {
    const value = decodeJson('{"__proto__": {"polluted": true}}', { strict: true })
    expect((value as Record<string, unknown>).polluted).toBeUndefined()
    expect(canonicalJson(value)).toBe('{"__proto__":{"polluted":true}}')
  })

  test('refuses what is nested too deep, however its strings look', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => decodeJson(nested(100_000))).toThrow('exceeded max depth')
    expect(() => decodeJson(nested(maxJsonDepth))).not.toThrow()
    const brackets = JSON.stringify(['"\\['.repeat(2000), '['.repeat(2000)])
    expect(() => decodeJson(brackets)).not.toThrow()
  })

  test('the scanner accepts what JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, '\t'), (text, space) => {
        expect(findDuplicateFields(JSON.stringify(JSON.parse(text), null, space))).toEqual([])
      }),
    )
  })

  test('the scanner refuses what JSON.parse refuses, at a place inside the text', () => {
    const piece = fc.constantFrom(...'{}[]",:\\ \n019-+.eEtrufalsn'.split(''), '"a"', 'true', 'null')
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
        (text) => {
          let parses = true
          try {
            JSON.parse(text)
          } catch {
            parses = false
          }
          if (parses) expect(() => findDuplicateFields(text)).not.toThrow()
          else expect(errorOf(text).message).toMatch(/^json: line \d+: (invalid character|unexpected end)/)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('encodeJson', () => {
  test('prints as kubectl does', () => {
    const object = { b: [1, 'x', {}, []], a: { d: null, c: '<a & b>' }, u: undefined }
    expect(encodeJson(object)).toBe(
      '{\n    "a": {\n        "c": "\\u003ca \\u0026 b\\u003e",\n        "d": null\n    },\n    "b": [\n' +
        '        1,\n        "x",\n        {},\n        []\n    ]\n}\n',
    )
  })

  test('sorts keys by bytes, numbers included', () => {
    expect(canonicalJson({ 10: 1, 9: 2, b: 3, B: 4, '\u{1f600}': 5, '\uffff': 6 })).toBe(
      '{"10":1,"9":2,"B":4,"b":3,"\uffff":6,"\u{1f600}":5}',
    )
  })

  test('escapes what Go escapes and nothing else', () => {
    expect(canonicalJson('\u2028\u2029\u0000\b\f\n\r\t\u007fé/"\\')).toBe(
      '"\\u2028\\u2029\\u0000\\b\\f\\n\\r\\t\u007fé/\\"\\\\"',
    )
  })

  test('refuses numbers that JSON does not have', () => {
    expect(() => encodeJson({ a: Number.NaN })).toThrow('json: unsupported value: NaN')
  })

  test('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(equalJson(JSON.parse(encodeJson(value)), JSON.parse(JSON.stringify(value)))).toBe(true)
        expect(equalJson(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))).toBe(true)
      }),
    )
  })
})

describe('integers beyond 2^53', () => {
  test.each([
    '9007199254740993',
    '-9007199254740993',
    '1152921504606847000',
    '9223372036854775807',
    '9223372036854775809',
    '18446744073709551615',
    '-18446744073709551617',
    '99999999999999999999999',
  ])('%s cannot be kept, and is refused with its field', (text) => {
    expect(() => decodeJson(`{\n  "spec": {"list": [1, ${text}]}}`, { file: 'a.json' })).toThrow(
      new JsonSyntaxError(
        `json: line 2: the integer ${text} of field "spec.list[1]" cannot be kept exactly: integers are exact up to 9007199254740991, write larger ones as text (column 24)`,
        { file: 'a.json', line: 2, column: 24 },
      ),
    )
  })

  test.each([
    '9007199254740992',
    '1152921504606846976',
    '9223372036854775808',
    '18446744073709551616',
    '100000000000000000000000',
    '1e300',
    '9007199254740993.0',
    '"9007199254740993"',
  ])('%s is kept', (text) => {
    const value = decodeJson(`[${text}]`)
    expect(decodeJson(encodeJson(value))).toEqual(value)
  })

  test('a double as Go writes it is kept, also where these are not all of its digits', () => {
    expect(decodeJson('18446744073709552000')).toBe(2 ** 64)
    expect(decodeJson('-9223372036854776000')).toBe(-(2 ** 63))
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(decodeJson(encodeJson([value]))).toEqual([Object.is(value, -0) ? 0 : value])
      }),
    )
  })

  test('one that is kept is written with all of its digits for readers in Go', () => {
    const value = { b: [2 ** 60, -(2 ** 53)], a: '1152921504606847000' }
    const text = '{"a":"1152921504606847000","b":[1152921504606846976,-9007199254740992]}'
    expect(exactJson(value)).toBe(text)
    expect(exactJson(value, 2)).toBe(
      '{\n  "a": "1152921504606847000",\n  "b": [\n    1152921504606846976,\n    -9007199254740992\n  ]\n}',
    )
    expect(exactJson({ b: 1, a: [] }, 2)).toBe('{\n  "b": 1,\n  "a": []\n}')
  })

  test.each(['1e400', '-1.8E+308', '9'.repeat(400)])(
    '%s is more than a number can be, and is refused',
    (text) => {
      expect(() => decodeJson(`{"a":${text}}`)).toThrow(
        `json: line 1: the number ${text} of field "a" is too large: numbers go up to 1.7976931348623157e+308 (column 6)`,
      )
    },
  )
})
