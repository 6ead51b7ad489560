import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePlainPattern } from './plain-pattern.ts'
import { compileRegularExpression } from './regular-expression.ts'

test.each(['^[a-z]+$', '^abc$', '^[0-9]{3}-[0-9]{4}$', '^[^/]*$', '^v[0-9.]+-x$', '^[A-Za-z0-9_-]{1,63}$'])(
  '%s is plain',
  (pattern) => {
    expect(compilePlainPattern(pattern)).toBeInstanceOf(RegExp)
  },
)

test.each([
  '^(a+)+$',
  '^a*a*$',
  '^a?a?aa$',
  '^a|b$',
  'abc',
  '^a',
  '^a.c$',
  '^\\d$',
  '^[z-a]$',
  '^a{3,1}$',
  '^a**$',
  '^a+?$',
  '^[a$',
  '^]$',
  '^a{$',
  '^a\\$',
  '^[[:alpha:]]$',
])('%s is not', (pattern) => {
  expect(compilePlainPattern(pattern)).toBeUndefined()
})

test('a plain pattern matches what it matches in Go', () => {
  const characters = fc.string({
    unit: fc.constantFrom('a', 'b', 'z', '0', '9', '-', '_', ' ', '/', '\n', 'é', '😀'),
  })
  const atom = fc.constantFrom('a', '9', '-', '[a-z]', '[^a-z]', '[ab0-9_-]', '[^ /]', '[a-z0-9.]')
  const repetition = fc.constantFrom('', '', '', '{2}', '{1,3}', '*', '+', '?')
  const pattern = fc
    .array(fc.tuple(atom, repetition), { minLength: 1, maxLength: 4 })
    .map((parts) => `^${parts.map((part) => part.join('')).join('')}$`)
  fc.assert(
    fc.property(pattern, characters, (source, text) => {
      const plain = compilePlainPattern(source)
      fc.pre(plain !== undefined)
      const compiled = compileRegularExpression(source)
      expect('regexp' in compiled && compiled.regexp.test(text)).toBe(plain!.test(text))
    }),
    { numRuns: 2000 },
  )
})
