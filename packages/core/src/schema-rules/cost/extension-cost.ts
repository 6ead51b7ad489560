import { type CallCost, listCost, type Operand, type OperandSizes, traversalFactor } from './call-cost.ts'
import { add, exactly, multiply, once, type Range, scale, unlimited } from './range.ts'

/**
 * What a call of an overload of CEL's own extensions costs: sets and lists. Undefined for others.
 *
 * Follows `cel-go/ext/sets.go` and `cel-go/ext/lists.go`.
 */
export function extensionCost(
  overloadId: string,
  target: Operand | undefined,
  args: readonly Operand[],
  sizes: OperandSizes,
): CallCost | undefined {
  const [first, second] = args
  switch (overloadId) {
    case 'list_sets_contains_list':
    case 'list_sets_intersects_list':
      return { cost: add(multiply(sizes.of(first!), sizes.of(second!)), once) }
    case 'list_sets_equivalent_list':
      return { cost: add(scale(multiply(sizes.of(first!), sizes.of(second!)), 2), once) }
    case 'list_slice': {
      const end = literalSize(second!, sizes.of(target!).max)
      const start = literalSize(first!, 0)
      // Kubernetes subtracts unsigned numbers.
      return allocation(exactly(end < start ? unlimited : end - start), 1)
    }
    case 'list_flatten':
      return allocation(sizes.of(target!), 1)
    case 'list_flatten_int':
      return allocation(sizes.of(target!), literalSize(first!, unlimited))
    case 'lists_range':
      return allocation(exactly(literalSize(first!, unlimited)), 1)
    case 'list_reverse':
      return allocation(sizes.of(target!), 1)
    case 'list_distinct':
      return allocation(squared(sizes.of(target!)), 2)
  }
  const sort = /^list_(.+)_(sort|sortByAssociatedKeys)$/.exec(overloadId)
  if (sort === null) return undefined
  const isText = sort[1] === 'string' || sort[1] === 'bytes'
  const sorted = sort[2] === 'sort' ? target! : first!
  return allocation(squared(sizes.of(sorted)), isText ? 2 + traversalFactor : 2)
}

function allocation(size: Range, factor: number): CallCost {
  return { cost: add(scale(size, factor), once, exactly(listCost)), resultSize: size }
}

function squared(size: Range): Range {
  return multiply(size, size)
}

function literalSize({ expression }: Operand, otherwise: number): number {
  if (expression?.kind !== 'literal' || typeof expression.value !== 'bigint') return otherwise
  return Math.max(0, Number(expression.value))
}
