/**
 * The least and the most that something costs, or how large it is. Sums and products stop at the greatest unsigned
 * integer of 64 bits, which means "no bound".
 *
 * Follows `CostEstimate` and `SizeEstimate` of `cel-go/checker/cost.go`. Numbers beyond 2^53 are not exact, which
 * no limit comes near.
 */
export interface Range {
  readonly min: number
  readonly max: number
}

export const unlimited = 2 ** 64

/** Nothing is known. */
export const anything: Range = { min: 0, max: unlimited }

export const nothing: Range = { min: 0, max: 0 }

export const exactly = (value: number): Range => ({ min: value, max: value })

export const once = exactly(1)

export function add(...ranges: readonly Range[]): Range {
  let min = 0
  let max = 0
  for (const range of ranges) {
    min += range.min
    max += range.max
  }
  return { min: Math.min(min, unlimited), max: Math.min(max, unlimited) }
}

export function multiply(a: Range, b: Range): Range {
  return { min: Math.min(a.min * b.min, unlimited), max: Math.min(a.max * b.max, unlimited) }
}

/** Rounded up. */
export function scale({ min, max }: Range, factor: number): Range {
  return {
    min: Math.min(Math.ceil(min * factor), unlimited),
    max: Math.min(Math.ceil(max * factor), unlimited),
  }
}

export function union(a: Range, b: Range): Range {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }
}
