import { expect, test } from 'vitest'
import { goSort } from './go-sort.ts'

/** Keys of items, of which 0 is none: what has none is less than all others, itself included, as for kubectl. */
const patterns: { readonly [name: string]: (index: number, length: number, random: number) => number } = {
  equal: () => 1,
  few: (_, __, random) => ((random >>> 16) % 5) + 1,
  missing: (_, __, random) => (random >>> 16) % 3,
  random: (_, __, random) => (random >>> 8) + 1,
  falling: (index, length) => length - index,
  rising: (index) => index + 1,
  organ: (index, length) => (index > Math.trunc(length / 2) ? length - index : index + 1),
  nearly: (index) => (index % 97 === 50 ? 1 : Math.trunc(index / 7) + 1),
}

// Digests of the order in which sort.Sort of Go 1.26 leaves these items.
test.each([
  ['equal', 12, 0x4a509959],
  ['few', 12, 0xb4bdc485],
  ['missing', 12, 0x5ff37ee5],
  ['random', 12, 0x97ca2363],
  ['falling', 12, 0xbb50ae99],
  ['rising', 12, 0x4a509959],
  ['organ', 12, 0x006df773],
  ['nearly', 12, 0x4a509959],
  ['equal', 13, 0x51e160cf],
  ['few', 13, 0xd89214d1],
  ['missing', 13, 0xccf8c473],
  ['random', 13, 0x75137ad5],
  ['falling', 13, 0x7384b87f],
  ['rising', 13, 0x51e160cf],
  ['organ', 13, 0xe708dcf5],
  ['nearly', 13, 0x51e160cf],
  ['equal', 30, 0x7ad8f1f6],
  ['few', 30, 0x10f71bec],
  ['missing', 30, 0xc50ade82],
  ['random', 30, 0x1d2b18fe],
  ['falling', 30, 0x62fbcafc],
  ['rising', 30, 0x7ad8f1f6],
  ['organ', 30, 0x98996142],
  ['nearly', 30, 0x7ad8f1f6],
  ['equal', 49, 0x1f6c285f],
  ['few', 49, 0xd9ebb919],
  ['missing', 49, 0x36122685],
  ['random', 49, 0xec7d1ffd],
  ['falling', 49, 0x0fe1143f],
  ['rising', 49, 0x1f6c285f],
  ['organ', 49, 0x157ed427],
  ['nearly', 49, 0x1f6c285f],
  ['equal', 50, 0xe543a52a],
  ['few', 50, 0x40efd2c6],
  ['missing', 50, 0x0512f848],
  ['random', 50, 0x68234c24],
  ['falling', 50, 0xdaed4e64],
  ['rising', 50, 0xe543a52a],
  ['organ', 50, 0x39fa986e],
  ['nearly', 50, 0xe543a52a],
  ['equal', 64, 0x6d3a0905],
  ['few', 64, 0x75816cef],
  ['missing', 64, 0xcc9db7a5],
  ['random', 64, 0x607c5bfd],
  ['falling', 64, 0xfb1881c5],
  ['rising', 64, 0x6d3a0905],
  ['organ', 64, 0x79eace0b],
  ['nearly', 64, 0x83b28cdd],
  ['equal', 200, 0x2306fb5d],
  ['few', 200, 0x45c46faf],
  ['missing', 200, 0x4f0562b7],
  ['random', 200, 0x84f7c0cd],
  ['falling', 200, 0xfb03f0d5],
  ['rising', 200, 0x2306fb5d],
  ['organ', 200, 0x47ae3ca1],
  ['nearly', 200, 0x86d14247],
  ['equal', 1000, 0xa06ae7fd],
  ['few', 1000, 0x82c97549],
  ['missing', 1000, 0xa6bb907f],
  ['random', 1000, 0xa8afaaef],
  ['falling', 1000, 0x788180d5],
  ['rising', 1000, 0xa06ae7fd],
  ['organ', 1000, 0x393aa605],
  ['nearly', 1000, 0xb59d8745],
  ['equal', 5000, 0x8c7ca59d],
  ['few', 5000, 0x8b75f2d9],
  ['missing', 5000, 0x1f13a7d9],
  ['random', 5000, 0xbe6829bf],
  ['falling', 5000, 0x0eef6cd5],
  ['rising', 5000, 0x8c7ca59d],
  ['organ', 5000, 0x3a073473],
  ['nearly', 5000, 0x8c06b4d7],
] as const)('%s keys of %d items end up where Go has them', (pattern, length, digest) => {
  let random = length
  const items = Array.from({ length }, (_, position) => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0
    return { key: patterns[pattern]!(position, length, random), position }
  })
  goSort(items, (a, b) => a.key === 0 || (b.key !== 0 && a.key < b.key))
  let hash = 2166136261
  for (const { position } of items) hash = Math.imul(hash ^ position, 16777619)
  expect(hash >>> 0).toBe(digest)
})
