import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeFieldValue, parseFieldSelector } from './fields.ts'

describe('parsing', () => {
  test.each([
    ['', ''],
    [',', ''],
    ['=', ''],
    ['x=a,y=b,z=c', 'x=a,y=b,z=c'],
    ['x!=a,y=b', 'x!=a,y=b'],
    ['y==b,x=a', 'x=a,y=b'],
    ['x=', 'x='],
    ['a=a,', 'a=a'],
    ['x=a||y\\=b', 'x=a||y\\=b'],
    ['x=a\\=\\=b', 'x=a\\=\\=b'],
    ['k=\\\\,k2=v2', 'k2=v2,k=\\\\'],
    ['함=수,목=록', '목=록,함=수'],
    ['metadata.name = a', 'metadata.name = a'],
  ])('%j has the canonical text %j', (text, canonical) => {
    expect(parseFieldSelector(text).toString()).toBe(canonical)
  })

  test.each([
    ['x', "invalid selector: 'x'; can't understand 'x'"],
    ['x=a,b', "invalid selector: 'x=a,b'; can't understand 'b'"],
    ['x in (a)', "invalid selector: 'x in (a)'; can't understand 'x in (a)'"],
    ['x=a||y=b', 'invalid field selector: unescaped character in value: 61'],
    ['x==a==b', 'invalid field selector: unescaped character in value: 61'],
    ['x=\\a', 'invalid field selector: invalid escape sequence: \\a'],
    ['x=\\😀', 'invalid field selector: invalid escape sequence: \\😀'],
    ['x=\\', 'invalid field selector: invalid escape sequence: \\'],
    ['x=\\\\\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%j is refused in the words of Kubernetes', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(new Error(message))
  })

  test('requirements are exposed with their values unescaped', () => {
    expect(parseFieldSelector('b!=x\\,y,a==1').requirements).toEqual([
      { field: 'a', operator: '=', value: '1' },
      { field: 'b', operator: '!=', value: 'x,y' },
    ])
  })

  test('an escaped value parses to itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\\', ',', '=', '!', 'a', '😀') }), (value) => {
        expect(parseFieldSelector(`f=${escapeFieldValue(value)}`).requirements).toEqual([
          { field: 'f', operator: '=', value },
        ])
      }),
    )
  })

  test('the canonical text parses to itself', () => {
    const term = fc
      .tuple(fc.constantFrom('a', 'metadata.name', 'z'), fc.constantFrom('=', '==', '!='), fc.string())
      .map(([field, operator, value]) => `${field}${operator}${escapeFieldValue(value)}`)
    fc.assert(
      fc.property(fc.array(term), (terms) => {
        const canonical = parseFieldSelector(terms.join(',')).toString()
        const again = parseFieldSelector(canonical)
        expect(new Set(again.toString().split(','))).toEqual(new Set(canonical.split(',')))
      }),
    )
  })
})

describe('matching', () => {
  const fields = { foo: 'bar', baz: 'blah', complex: '=value\\,\\' }

  test.each([
    ['', true],
    ['foo=bar', true],
    ['foo=bar,baz=blah', true],
    ['foo=bar,baz=blah,complex=\\=value\\\\\\,\\\\', true],
    ['foo=blah', false],
    ['foo!=blah', true],
    ['foo!=bar', false],
    ['foo=bar,foobar=bar,baz=blah', false],
    ['missing=', true],
    ['missing!=', false],
    ['constructor=', true],
  ])('%j: %s', (text, expected) => {
    expect(parseFieldSelector(text).matches(fields)).toBe(expected)
  })
})

test('a selector tells the one value that it requires of a field', () => {
  const matcher = parseFieldSelector('metadata.name=a,metadata.namespace!=b')
  expect(matcher.requiresExactMatch('metadata.name')).toBe('a')
  expect(matcher.requiresExactMatch('metadata.namespace')).toBeUndefined()
})

describe('transform', () => {
  test('replaces fields and drops those that it returns nothing for', () => {
    const matcher = parseFieldSelector('a=b,c!=d,e=f').transform((field, value) =>
      field === 'a' ? undefined : { field: `spec.${field}`, value },
    )
    expect(matcher.toString()).toBe('spec.c!=d,spec.e=f')
  })

  test('refuses a selector by throwing', () => {
    const refuse = (field: string) => {
      throw new Error(`field label not supported: ${field}`)
    }
    expect(() => parseFieldSelector('a=b').transform(refuse)).toThrow('field label not supported: a')
  })

  test('may leave an empty selector', () => {
    expect(parseFieldSelector('a=b').transform(() => undefined).empty).toBe(true)
  })
})
