import { dynType } from './cel-type.ts'
import {
  type ComprehensionExpression,
  type ComprehensionMacro,
  call,
  type Expression,
  identifier,
  list,
  literal,
  map,
  select,
} from './expression.ts'

/** A call that the parser replaces by another expression, told by name, style and number of arguments. */
export interface CelMacro {
  readonly name: string
  /** Called as `receiver.name(…)`. */
  readonly receiver: boolean
  readonly argumentCount: number
  /** Undefined leaves the call as it is. */
  expand(macroCall: MacroCall): Expression | undefined
}

export interface MacroCall {
  /** The place of the call, at which expanded nodes are. */
  readonly offset: number
  readonly target: Expression | undefined
  readonly args: readonly Expression[]
  /** A copy of an argument that is to stand in two places; copies count against the size of the expression. */
  copy(argument: Expression): Expression
}

/** Thrown by a macro for arguments that it cannot take. */
export class MacroError extends Error {
  readonly offset: number
  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** The variable of cel-go in which a comprehension gathers its result; no source can name it. */
export const ACCUMULATOR = '@result'
const UNUSED = '#unused'

const receiverMacro = (
  name: string,
  argumentCount: number,
  expand: (
    offset: number,
    target: Expression,
    args: readonly Expression[],
    macroCall: MacroCall,
  ) => Expression,
): CelMacro => ({
  name,
  receiver: true,
  argumentCount,
  expand: (macroCall) => expand(macroCall.offset, macroCall.target!, macroCall.args, macroCall),
})

function comprehension(
  offset: number,
  macro: ComprehensionMacro,
  parts: Pick<
    ComprehensionExpression,
    'iterRange' | 'iterVar' | 'accuInit' | 'loopCondition' | 'loopStep'
  > & {
    iterVar2?: string | undefined
    accuVar?: string
    result?: Expression
  },
): Expression {
  const { iterVar2, accuVar = ACCUMULATOR, result = identifier(offset, accuVar), ...rest } = parts
  return {
    kind: 'comprehension',
    offset,
    type: dynType,
    macro,
    accuVar,
    ...(iterVar2 !== undefined && { iterVar2 }),
    result,
    ...rest,
  }
}

function quantifier(
  kind: 'all' | 'exists' | 'existsOne',
  offset: number,
  range: Expression,
  loop: Loop,
): Expression {
  const [predicate] = loop.body as [Expression]
  const accu = () => identifier(offset, ACCUMULATOR)
  const common = { iterRange: range, iterVar: loop.iterVar, iterVar2: loop.iterVar2 }
  if (kind === 'all') {
    return comprehension(offset, kind, {
      ...common,
      accuInit: literal(offset, true),
      loopCondition: call(offset, '@not_strictly_false', [accu()]),
      loopStep: call(offset, '_&&_', [accu(), predicate]),
    })
  }
  if (kind === 'exists') {
    return comprehension(offset, kind, {
      ...common,
      accuInit: literal(offset, false),
      loopCondition: call(offset, '@not_strictly_false', [call(offset, '!_', [accu()])]),
      loopStep: call(offset, '_||_', [accu(), predicate]),
    })
  }
  return comprehension(offset, kind, {
    ...common,
    accuInit: literal(offset, 0n),
    loopCondition: literal(offset, true),
    loopStep: call(offset, '_?_:_', [predicate, call(offset, '_+_', [accu(), literal(offset, 1n)]), accu()]),
    result: call(offset, '_==_', [accu(), literal(offset, 1n)]),
  })
}

/** A comprehension that adds to its result at each step for which `filter` holds. */
function gathering(
  macro: 'list' | 'map',
  offset: number,
  range: Expression,
  { iterVar, iterVar2 }: Pick<Loop, 'iterVar' | 'iterVar2'>,
  filter: Expression | undefined,
  add: (accu: Expression) => Expression,
): Expression {
  const step = add(identifier(offset, ACCUMULATOR))
  return comprehension(offset, macro, {
    iterRange: range,
    iterVar,
    iterVar2,
    accuInit: macro === 'list' ? list(offset, []) : map(offset, []),
    loopCondition: literal(offset, true),
    loopStep: filter ? call(offset, '_?_:_', [filter, step, identifier(offset, ACCUMULATOR)]) : step,
  })
}

const append = (offset: number, element: Expression) => (accu: Expression) =>
  call(offset, '_+_', [accu, list(offset, [element])])

interface Loop {
  readonly iterVar: string
  readonly iterVar2?: string
  /** The arguments after the variables. */
  readonly body: readonly Expression[]
}

function oneVariable(args: readonly Expression[], notName = 'argument must be a simple name'): Loop {
  const [variable, ...body] = args as [Expression, ...Expression[]]
  return { iterVar: variableName(variable, notName), body }
}

function twoVariables(args: readonly Expression[]): Loop {
  const [first, second, ...body] = args as [Expression, Expression, ...Expression[]]
  const iterVar = simpleName(first, 'argument must be a simple name')
  const iterVar2 = simpleName(second, 'argument must be a simple name')
  if (iterVar === iterVar2) throw new MacroError(second.offset, `duplicate variable name: ${iterVar}`)
  variableName(first, '')
  variableName(second, '')
  return { iterVar, iterVar2, body }
}

function variableName(expression: Expression, notName: string): string {
  const name = simpleName(expression, notName)
  if (name !== ACCUMULATOR && name !== '__result__') return name
  throw new MacroError(expression.offset, 'iteration variable overwrites accumulator variable')
}

function simpleName(expression: Expression, notName: string): string {
  if (expression.kind === 'identifier') return expression.name
  throw new MacroError(expression.offset, notName)
}

const hasMacro: CelMacro = {
  name: 'has',
  receiver: false,
  argumentCount: 1,
  expand({ offset, args }) {
    const [argument] = args as [Expression]
    if (argument.kind === 'select') return select(offset, argument.operand, argument.field, true)
    throw new MacroError(argument.offset, 'invalid argument to has() macro')
  },
}

const mapMacro = (argumentCount: 2 | 3) =>
  receiverMacro('map', argumentCount, (offset, target, args) => {
    const loop = oneVariable(args, 'argument is not an identifier')
    const [filter, transform] = argumentCount === 3 ? loop.body : [undefined, loop.body[0]]
    return gathering('list', offset, target, loop, filter, append(offset, transform!))
  })

/** `has`, `all`, `exists`, `exists_one`, `map` and `filter`: `StandardMacros` of cel-go. */
export const standardMacros: readonly CelMacro[] = [
  hasMacro,
  receiverMacro('all', 2, (offset, target, args) => quantifier('all', offset, target, oneVariable(args))),
  receiverMacro('exists', 2, (offset, target, args) =>
    quantifier('exists', offset, target, oneVariable(args)),
  ),
  receiverMacro('exists_one', 2, (offset, target, args) =>
    quantifier('existsOne', offset, target, oneVariable(args)),
  ),
  mapMacro(2),
  mapMacro(3),
  receiverMacro('filter', 2, (offset, target, args) => {
    const loop = oneVariable(args, 'argument is not an identifier')
    return gathering('list', offset, target, loop, loop.body[0], append(offset, args[0]!))
  }),
]

/** One of the transforming macros, with a filter before the transformation or without. */
const transforming = (
  name: string,
  macro: 'list' | 'map',
  add: (offset: number, loop: Loop, transform: Expression) => (accu: Expression) => Expression,
): CelMacro[] =>
  [3, 4].map((argumentCount) =>
    receiverMacro(name, argumentCount, (offset, target, args) => {
      const loop = twoVariables(args)
      const [filter, transform] = argumentCount === 4 ? loop.body : [undefined, loop.body[0]]
      return gathering(macro, offset, target, loop, filter, add(offset, loop, transform!))
    }),
  )

/** Comprehensions over index and element, or key and value: `ext/comprehensions.go` of cel-go. */
export const twoVariableMacros: readonly CelMacro[] = [
  receiverMacro('all', 3, (offset, target, args) => quantifier('all', offset, target, twoVariables(args))),
  receiverMacro('exists', 3, (offset, target, args) =>
    quantifier('exists', offset, target, twoVariables(args)),
  ),
  ...['existsOne', 'exists_one'].map((name) =>
    receiverMacro(name, 3, (offset, target, args) =>
      quantifier('existsOne', offset, target, twoVariables(args)),
    ),
  ),
  ...transforming('transformList', 'list', (offset, _, transform) => append(offset, transform)),
  ...transforming(
    'transformMap',
    'map',
    (offset, loop, transform) => (accu) =>
      call(offset, 'cel.@mapInsert', [accu, identifier(offset, loop.iterVar), transform]),
  ),
  ...transforming(
    'transformMapEntry',
    'map',
    (offset, _, transform) => (accu) => call(offset, 'cel.@mapInsert', [accu, transform]),
  ),
]

/** A name for a value within an expression: a comprehension without a loop. */
function binding(offset: number, name: string, value: Expression, body: Expression): Expression {
  return comprehension(offset, 'bind', {
    iterRange: list(offset, []),
    iterVar: UNUSED,
    accuVar: name,
    accuInit: value,
    loopCondition: literal(offset, false),
    loopStep: identifier(offset, name),
    result: body,
  })
}

const optionalMacro = (name: string, wrap: (offset: number, value: Expression) => Expression) =>
  receiverMacro(name, 2, (offset, target, args, macroCall) => {
    const [variable, transform] = args as [Expression, Expression]
    const variableName = simpleName(variable, `${name}() variable name must be a simple identifier`)
    const value = call(offset, 'value', [], macroCall.copy(target))
    return call(offset, '_?_:_', [
      call(offset, 'hasValue', [], target),
      wrap(offset, binding(offset, variableName, value, transform)),
      call(offset, 'optional.none', []),
    ])
  })

/** `optMap` and `optFlatMap`: `cel/library.go` of cel-go. */
export const optionalMacros: readonly CelMacro[] = [
  optionalMacro('optMap', (offset, value) => call(offset, 'optional.of', [value])),
  optionalMacro('optFlatMap', (_, value) => value),
]
