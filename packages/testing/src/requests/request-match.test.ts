import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MatchedRequest, matches, type RequestMatch } from './request-match.ts'

const request: MatchedRequest = {
  verb: 'update',
  group: 'inventory.k1s.dev',
  resource: 'items',
  subresource: 'status',
  namespace: 'default',
  name: 'laptop',
  user: 'alice',
}
const right = {
  verb: 'update',
  resource: 'items.inventory.k1s.dev/status',
  namespace: 'default',
  name: 'laptop',
  user: 'alice',
} as const
const wrong = {
  verb: ['get'],
  resource: 'items',
  namespace: 'kube-system',
  name: 'phone',
  user: 'bob',
} as const
const fields = Object.keys(right) as (keyof RequestMatch)[]
const pick = (from: RequestMatch, names: readonly (keyof RequestMatch)[]): RequestMatch =>
  Object.fromEntries(names.map((name) => [name, from[name]]))

describe('what is meant', () => {
  test('is every request for which all that is set holds', () => {
    fc.assert(fc.property(fc.subarray(fields), (names) => matches(pick(right, names), request)))
  })

  test('is no request for which one thing does not hold', () => {
    fc.assert(
      fc.property(
        fc.subarray(fields),
        fc.constantFrom(...fields),
        (names, name) => !matches({ ...pick(right, names), ...pick(wrong, [name]) }, request),
      ),
    )
  })

  test.each([
    ['items.inventory.k1s.dev/status', true],
    ['items.inventory.k1s.dev/*', true],
    ['items.inventory.k1s.dev', false],
    ['items.inventory.k1s.dev/scale', false],
    ['items/status', false],
    ['inventory.k1s.dev/items', false],
  ])('by %s is the status of items: %s', (resource, isMeant) => {
    expect(matches({ resource }, request)).toBe(isMeant)
  })

  test('by a resource of the core group has no group', () => {
    const { subresource: _, ...rest } = request
    expect(matches({ resource: 'configmaps' }, { ...rest, group: '', resource: 'configmaps' })).toBe(true)
    expect(matches({ resource: 'items' }, rest)).toBe(false)
  })
})
