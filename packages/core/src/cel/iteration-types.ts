import { type CelType, dynType, errorType, formatCheckedType, intType } from './cel-type.ts'
import type { CheckIssues } from './check-issues.ts'
import type { ComprehensionExpression } from './expression.ts'
import type { TypeUnification } from './type-unification.ts'

/** The types of a comprehension's variables, the second of which is used where there are two. */
export function iterationTypes(
  types: TypeUnification,
  issues: CheckIssues,
  { iterRange, iterVar2 }: ComprehensionExpression,
): [CelType, CelType] {
  const range = types.substitute(iterRange.type)
  switch (range.kind) {
    case 'list':
      return iterVar2 === undefined ? [range.element, dynType] : [intType, range.element]
    case 'map':
      return [range.key, range.value]
    case 'dyn':
    case 'error':
    case 'param':
      types.isAssignable(dynType, range)
      return [dynType, dynType]
    default:
      issues.report(
        iterRange.offset,
        `expression of type '${formatCheckedType(range)}' cannot be range of a comprehension ` +
          '(must be list, map, or dynamic)',
      )
      return [errorType, errorType]
  }
}
