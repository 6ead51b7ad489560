import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapePropertyName, unescapePropertyName } from './property-name.ts'

it.each([
  ['a', 'a'],
  ['namespace', '__namespace__'],
  ['a.b-c/d', 'a__dot__b__dash__c__slash__d'],
  ['a__b', 'a__underscores__b'],
  ['___', '__underscores___'],
  ['_a_', '_a_'],
])('%s is said as %s', (name, identifier) => {
  expect(escapePropertyName(name)).toBe(identifier)
  expect(unescapePropertyName(identifier)).toBe(name)
})

it.each(['', '3x', 'a$', 'ä', 'a b'])('%j cannot be said', (name) => {
  expect(escapePropertyName(name)).toBeUndefined()
})

it.each(['__nope__', 'a__namespace__', '__in__b'])('%s means no property', (identifier) => {
  expect(unescapePropertyName(identifier)).toBeUndefined()
})

it('what is said means what was to be said', () => {
  const name = fc
    .array(fc.constantFrom('a', 'B', '7', '_', '__', '.', '-', '/', 'in', 'dot', 'namespace'), {
      minLength: 1,
    })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(name, (text) => {
      const identifier = escapePropertyName(text)
      fc.pre(identifier !== undefined)
      expect(unescapePropertyName(identifier)).toBe(text)
    }),
  )
})
