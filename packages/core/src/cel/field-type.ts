import { type CelType, dynType, errorType, formatCheckedType, optionalType } from './cel-type.ts'
import type { CheckIssues } from './check-issues.ts'
import { isDynOrError, type TypeUnification } from './type-unification.ts'

/** The type of what is selected of an operand: of an optional one, or by `.?`, an optional. */
export function fieldType(
  types: TypeUnification,
  issues: CheckIssues,
  offset: number,
  operandType: CelType,
  field: string,
  optional: boolean,
): CelType {
  const operand = types.substitute(operandType)
  const target = operand.kind === 'optional' ? operand.value : operand
  const type = selectedType(types, issues, offset, target, field)
  return operand.kind === 'optional' || optional ? optionalType(type) : type
}

function selectedType(
  types: TypeUnification,
  issues: CheckIssues,
  offset: number,
  target: CelType,
  field: string,
): CelType {
  switch (target.kind) {
    case 'map':
      return target.value
    case 'object': {
      const type = target.field(field)
      if (!type) issues.report(offset, `undefined field '${field}'`)
      return type ?? errorType
    }
    case 'param':
      types.isAssignable(dynType, target)
      return dynType
    default:
      if (!isDynOrError(target)) {
        issues.report(offset, `type '${formatCheckedType(target)}' does not support field selection`)
      }
      return dynType
  }
}
