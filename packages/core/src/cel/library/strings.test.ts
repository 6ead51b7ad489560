import fc from 'fast-check'
import { expect, it } from 'vitest'
import { intType, stringType } from '../cel-type.ts'
import type { CelValue } from '../cel-value.ts'
import { compileExpression } from '../compile.ts'
import { CostBudget } from '../cost-budget.ts'
import { createCelEnvironment } from '../environment.ts'
import { isList } from '../value-type.ts'
import { kubernetesLibraries } from './index.ts'

const environment = createCelEnvironment({
  variables: { text: stringType, part: stringType, start: intType, end: intType },
  libraries: kubernetesLibraries,
})

function evaluate(source: string): (variables: Record<string, CelValue>) => CelValue {
  const compiled = compileExpression(source, environment)
  return (variables) => compiled.evaluate(variables, new CostBudget(1_000_000))
}

/** Of few characters, so that parts are found, some outside of the basic plane. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', '👍'), maxLength: 12 })
const part = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '👍'), maxLength: 2 })

it('counts places in text by code points', () => {
  const substring = evaluate('text.substring(start, end)')
  const charAt = evaluate('text.charAt(start)')
  fc.assert(
    fc.property(text, fc.nat(12), fc.nat(12), (value, a, b) => {
      const characters = [...value]
      const [start, end] = [a, b].map((place) => Math.min(place, characters.length)).sort((x, y) => x - y)
      const variables = { text: value, start: BigInt(start!), end: BigInt(end!) }
      expect(substring(variables)).toBe(characters.slice(start, end).join(''))
      expect(charAt(variables)).toBe(characters[start!] ?? '')
    }),
  )
})

it('finds the first and the last place of a part', () => {
  const indexOf = evaluate('text.indexOf(part, start)')
  const lastIndexOf = evaluate('text.lastIndexOf(part)')
  fc.assert(
    fc.property(text, part, fc.nat(12), (value, searched, start) => {
      const characters = [...value]
      const isAt = (place: number) => characters.slice(place).join('').startsWith(searched)
      const places = [...characters.keys(), characters.length].filter(isAt)
      const variables = { text: value, part: searched, start: BigInt(start) }
      const beyond = searched === '' ? characters.length : -1
      expect(indexOf(variables)).toBe(BigInt(places.find((place) => place >= start) ?? beyond))
      expect(lastIndexOf(variables)).toBe(BigInt(places.at(-1) ?? -1))
    }),
  )
})

it('joins what it splits to the text that it was', () => {
  const split = evaluate('text.split(part, start)')
  fc.assert(
    fc.property(text, part, fc.integer({ min: -1, max: 5 }), (value, separator, limit) => {
      const parts = split({ text: value, part: separator, start: BigInt(limit) })
      if (!isList(parts)) throw new Error('split gives a list')
      const texts = Array.from({ length: parts.size }, (_, index) => parts.at(index))
      expect(texts.join(separator)).toBe(limit === 0 ? '' : value)
      if (limit >= 0) expect(texts.length).toBeLessThanOrEqual(limit)
    }),
  )
})
