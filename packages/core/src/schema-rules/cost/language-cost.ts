import { type CallCost, type Operand, type OperandSizes, regexFactor, traversalFactor } from './call-cost.ts'
import { add, multiply, once, type Range, scale } from './range.ts'

/**
 * What a call of a function of the language costs without its operands. Logical operators and conditionals are not
 * here: they do not cost all of their operands.
 *
 * Follows `functionCost` of `cel-go/checker/cost.go`.
 */
export function languageCost(
  overloadId: string,
  target: Operand | undefined,
  args: readonly Operand[],
  sizes: OperandSizes,
): CallCost {
  const [first, second] = args
  switch (overloadId) {
    case 'string_format':
      if (target === undefined) break
      return { cost: scale(sizes.of(target), traversalFactor) }
    case 'string_to_bytes': {
      // A character has up to four bytes.
      const { min, max } = sizes.of(first!)
      return { cost: scale({ min, max }, traversalFactor), resultSize: { min, max: max * 4 } }
    }
    case 'bytes_to_string': {
      const { min, max } = sizes.of(first!)
      return { cost: scale({ min, max }, traversalFactor), resultSize: { min: Math.floor(min / 4), max } }
    }
    case 'strings_quote': {
      const { min, max } = sizes.of(first!)
      return { cost: scale({ min, max }, traversalFactor), resultSize: { min: min + 2, max: max * 2 + 2 } }
    }
    case 'starts_with_string':
    case 'ends_with_string':
      return { cost: scale(sizes.of(first!), traversalFactor) }
    case 'in_list':
      return { cost: sizes.of(second!) }
    case 'matches_string': {
      // As a function, the text is the first argument, and Kubernetes counts one step.
      if (target === undefined || args.length !== 1) break
      const text = scale(add(sizes.of(target), once), traversalFactor)
      return { cost: multiply(text, scale(sizes.of(first!), regexFactor)) }
    }
    case 'contains_string': {
      if (target === undefined) break
      const text = scale(sizes.of(target), traversalFactor)
      return { cost: multiply(text, scale(sizes.of(first!), traversalFactor)) }
    }
    case 'add_string':
    case 'add_bytes': {
      const size = add(sizes.of(first!), sizes.of(second!))
      return { cost: scale(size, traversalFactor), resultSize: size }
    }
    case 'add_list':
      return { cost: once, resultSize: add(sizes.of(first!), sizes.of(second!)) }
    case 'less_string':
    case 'greater_string':
    case 'less_equals_string':
    case 'greater_equals_string':
    case 'less_bytes':
    case 'greater_bytes':
    case 'less_equals_bytes':
    case 'greater_equals_bytes':
    case 'equals':
    case 'not_equals':
      return { cost: comparison(sizes.of(first!), sizes.of(second!)) }
  }
  return { cost: once }
}

/** The shorter side bounds a comparison. */
function comparison(left: Range, right: Range): Range {
  const max = Math.min(left.max, right.max)
  return scale({ min: max > 0 ? 1 : 0, max }, traversalFactor)
}
