import { expect, test } from 'vitest'
import { Exposition } from './exposition.ts'
import { Histogram } from './histogram.ts'

test('a family is followed by its samples, with labels escaped', () => {
  const exposition = new Exposition()
  exposition.family('a_total', 'counter', 'Lines\nand \\.')
  exposition.sample({ x: 'a"b\\c\nd', y: '' }, 3)
  exposition.sample({}, 0.5)
  exposition.single('b', 'gauge', 'One number.', Number.POSITIVE_INFINITY)
  expect(exposition.toString()).toBe(
    [
      '# HELP a_total Lines\\nand \\\\.',
      '# TYPE a_total counter',
      'a_total{x="a\\"b\\\\c\\nd",y=""} 3',
      'a_total 0.5',
      '# HELP b One number.',
      '# TYPE b gauge',
      'b +Inf',
      '',
    ].join('\n'),
  )
})

test('what is no number is in the last bucket of a histogram alone', () => {
  const exposition = new Exposition()
  exposition.family('h', 'histogram', 'H.')
  const histogram = new Histogram([1])
  histogram.observe(Number.NaN)
  histogram.write(exposition, {})
  expect(exposition.toString().split('\n').slice(2)).toEqual([
    'h_bucket{le="1"} 0',
    'h_bucket{le="+Inf"} 1',
    'h_sum NaN',
    'h_count 1',
    '',
  ])
})

test('the buckets of a histogram count what is at most their bound', () => {
  const exposition = new Exposition()
  exposition.family('h', 'histogram', 'H.')
  const histogram = new Histogram([1, 2.5])
  for (const value of [0, 1, 1.5, 2.5, 9]) histogram.observe(value)
  histogram.write(exposition, { a: 'b' })
  expect(exposition.toString().split('\n').slice(2)).toEqual([
    'h_bucket{a="b",le="1"} 2',
    'h_bucket{a="b",le="2.5"} 4',
    'h_bucket{a="b",le="+Inf"} 5',
    'h_sum{a="b"} 14',
    'h_count{a="b"} 5',
    '',
  ])
})
