import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareKubeAwareVersions } from './kube-aware-version.ts'

const ranked = [
  'v10',
  'v2',
  'v1',
  'v11beta2',
  'v10beta3',
  'v3beta1',
  'v12alpha1',
  'v11alpha2',
  'foo1',
  'foo10',
  'v1gamma1',
]

test('versions rank by stability, then by number, then by the alphabet', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ranked, { minLength: ranked.length }), (shuffled) => {
      expect(shuffled.sort((a, b) => compareKubeAwareVersions(b, a))).toEqual(ranked)
    }),
  )
})

test('a version ranks as itself', () => {
  expect(compareKubeAwareVersions('v1beta1', 'v1beta1')).toBe(0)
})
