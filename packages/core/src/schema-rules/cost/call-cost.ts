import type { CelType } from '../../cel/cel-type.ts'
import type { Expression } from '../../cel/expression.ts'
import type { Range } from './range.ts'

/** An operand of a call, as cost estimation sees it. */
export interface Operand {
  readonly type: CelType
  /** Steps from a variable to the value, if that is where it comes from. */
  readonly path: readonly string[] | undefined
  /** Undefined for what was not written in the expression, such as the items of a list. */
  readonly expression: Expression | undefined
  /** Undefined if nothing bounds it. */
  readonly size: Range | undefined
}

/** What a call costs without its operands, and how large its result is where that can be told. */
export interface CallCost {
  readonly cost: Range
  readonly resultSize?: Range
}

/** Costs of a unit of work, from `cel-go/common/cost.go`. */
export const traversalFactor = 0.1
export const regexFactor = 0.25
export const listCost = 10
export const mapCost = 30
export const structCost = 40

/** The size of an operand, and the items of a list as one. */
export interface OperandSizes {
  of(operand: Operand): Range
  itemsOf(list: Operand): Operand | undefined
}
