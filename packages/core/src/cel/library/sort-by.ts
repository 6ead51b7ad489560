import { dynType } from '../cel-type.ts'
import { type CallExpression, call, type Expression, identifier, list, literal } from '../expression.ts'
import { type CelMacro, MacroError, standardMacros } from '../macros.ts'

/** Sorts its receiver by a list of keys. No source can name it. */
export const sortFunction = '@sortByAssociatedKeys'

const input = '@__sortBy_input__'

const mapMacro = standardMacros.find(({ name, argumentCount }) => name === 'map' && argumentCount === 2)!

const sortable: ReadonlySet<Expression['kind']> = new Set([
  'list',
  'select',
  'identifier',
  'comprehension',
  'call',
])

/** `list.sortBy(e, key)` is `cel.bind(input, list, input.@sortByAssociatedKeys(input.map(e, key)))`. */
export const sortByMacro: CelMacro = {
  name: 'sortBy',
  receiver: true,
  argumentCount: 2,
  expand(macroCall) {
    const { offset, target } = macroCall
    if (!sortable.has(target!.kind)) {
      throw new MacroError(
        target!.offset,
        'sortBy can only be applied to a list, identifier, comprehension, call or select expression',
      )
    }
    const keys = mapMacro.expand({ ...macroCall, target: identifier(offset, input) })!
    const sorted: CallExpression = call(offset, sortFunction, [keys], identifier(offset, input))
    return {
      kind: 'comprehension',
      offset,
      type: dynType,
      macro: 'bind',
      iterRange: list(offset, []),
      iterVar: '#unused',
      accuVar: input,
      accuInit: target!,
      loopCondition: literal(offset, false),
      loopStep: identifier(offset, input),
      result: sorted,
    }
  },
}
