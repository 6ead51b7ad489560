import { type CelType, dynType } from './cel-type.ts'
import type { CelValue } from './cel-value.ts'

/**
 * A parsed expression, with macros expanded, and after checking with types and overloads: the tree of cel-go's
 * `common/ast`. `offset` is the place in the source that errors point at, in UTF-16 units.
 */
export type Expression =
  | LiteralExpression
  | IdentifierExpression
  | SelectExpression
  | CallExpression
  | ListExpression
  | MapExpression
  | StructExpression
  | ComprehensionExpression

interface ExpressionBase {
  readonly offset: number
  /** Set by the checker, `dyn` before. */
  type: CelType
}

export interface LiteralExpression extends ExpressionBase {
  readonly kind: 'literal'
  readonly value: CelValue
}

export interface IdentifierExpression extends ExpressionBase {
  readonly kind: 'identifier'
  /** With a leading dot where the source has it: a name that no variable of a macro hides. */
  readonly name: string
  /** A type or a constant of the environment, known once checked. */
  value?: CelValue
}

export interface SelectExpression extends ExpressionBase {
  readonly kind: 'select'
  operand: Expression
  readonly field: string
  /** `has(operand.field)` */
  readonly testOnly: boolean
}

/**
 * A call of a function, or of an operator by cel-go's name of it: `_+_`, `_[_]`, `_?._`. `_&&_` and `_||_` take two
 * terms or more.
 */
export interface CallExpression extends ExpressionBase {
  readonly kind: 'call'
  readonly function: string
  /** The receiver of a member call, such as the `a` of `a.startsWith(b)`. */
  target?: Expression
  args: Expression[]
  /** The overloads that may apply, in order; more than one if the types do not tell. Set by the checker. */
  overloadIds: readonly string[]
}

export interface ListExpression extends ExpressionBase {
  readonly kind: 'list'
  elements: Expression[]
  /** Elements written `?element`, which are left out if they are `optional.none()`. */
  readonly optionalIndices: ReadonlySet<number>
}

export interface MapEntry {
  readonly offset: number
  key: Expression
  value: Expression
  readonly optional: boolean
}

export interface MapExpression extends ExpressionBase {
  readonly kind: 'map'
  readonly entries: MapEntry[]
}

export interface StructField {
  readonly offset: number
  readonly name: string
  value: Expression
  readonly optional: boolean
}

/** `Object.spec{replicas: 1}` */
export interface StructExpression extends ExpressionBase {
  readonly kind: 'struct'
  readonly typeName: string
  readonly fields: StructField[]
}

export type ComprehensionMacro =
  | 'all'
  | 'exists'
  | 'existsOne'
  /** `map`, `filter` and `transformList` */
  | 'list'
  /** `transformMap` and `transformMapEntry` */
  | 'map'
  /** What `optMap` does with a value */
  | 'bind'

/** A loop over a list or a map, as cel-go expands its macros to. */
export interface ComprehensionExpression extends ExpressionBase {
  readonly kind: 'comprehension'
  readonly macro: ComprehensionMacro
  iterRange: Expression
  readonly iterVar: string
  /** Of the comprehensions with two variables. */
  readonly iterVar2?: string
  readonly accuVar: string
  accuInit: Expression
  loopCondition: Expression
  loopStep: Expression
  result: Expression
}

export const literal = (offset: number, value: CelValue): LiteralExpression => ({
  kind: 'literal',
  offset,
  type: dynType,
  value,
})

export const identifier = (offset: number, name: string): IdentifierExpression => ({
  kind: 'identifier',
  offset,
  type: dynType,
  name,
})

export const select = (
  offset: number,
  operand: Expression,
  field: string,
  testOnly = false,
): SelectExpression => ({
  kind: 'select',
  offset,
  type: dynType,
  operand,
  field,
  testOnly,
})

export const call = (
  offset: number,
  name: string,
  args: Expression[],
  target?: Expression,
): CallExpression => ({
  kind: 'call',
  offset,
  type: dynType,
  function: name,
  ...(target && { target }),
  args,
  overloadIds: [],
})

const NO_INDICES: ReadonlySet<number> = new Set()

export const list = (
  offset: number,
  elements: Expression[],
  optionalIndices: ReadonlySet<number> = NO_INDICES,
): ListExpression => ({ kind: 'list', offset, type: dynType, elements, optionalIndices })

export const map = (offset: number, entries: MapEntry[]): MapExpression => ({
  kind: 'map',
  offset,
  type: dynType,
  entries,
})

export const struct = (offset: number, typeName: string, fields: StructField[]): StructExpression => ({
  kind: 'struct',
  offset,
  type: dynType,
  typeName,
  fields,
})

/** The expressions directly within one, in the order in which cel-go visits them. */
export function childrenOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'identifier':
      return []
    case 'select':
      return [expression.operand]
    case 'call':
      return expression.target ? [expression.target, ...expression.args] : expression.args
    case 'list':
      return expression.elements
    case 'map':
      return expression.entries.flatMap((entry) => [entry.key, entry.value])
    case 'struct':
      return expression.fields.map((field) => field.value)
    case 'comprehension':
      return [
        expression.iterRange,
        expression.accuInit,
        expression.loopCondition,
        expression.loopStep,
        expression.result,
      ]
  }
}

/** A copy that shares nothing with the original that checking may change; `count` is called for each node. */
export function copyExpression(expression: Expression, count: () => void): Expression {
  const copy = (child: Expression) => copyExpression(child, count)
  count()
  switch (expression.kind) {
    case 'literal':
    case 'identifier':
      return { ...expression }
    case 'select':
      return { ...expression, operand: copy(expression.operand) }
    case 'call':
      return {
        ...expression,
        ...(expression.target && { target: copy(expression.target) }),
        args: expression.args.map(copy),
      }
    case 'list':
      return { ...expression, elements: expression.elements.map(copy) }
    case 'map': {
      const entries = expression.entries.map((entry) => ({
        ...entry,
        key: copy(entry.key),
        value: copy(entry.value),
      }))
      return { ...expression, entries }
    }
    case 'struct': {
      const fields = expression.fields.map((field) => ({ ...field, value: copy(field.value) }))
      return { ...expression, fields }
    }
    case 'comprehension':
      return {
        ...expression,
        iterRange: copy(expression.iterRange),
        accuInit: copy(expression.accuInit),
        loopCondition: copy(expression.loopCondition),
        loopStep: copy(expression.loopStep),
        result: copy(expression.result),
      }
  }
}
