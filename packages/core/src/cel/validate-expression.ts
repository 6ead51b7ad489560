import { type CelType, dynType, equalCelTypes, formatCheckedType } from './cel-type.ts'
import type { CelValue } from './cel-value.ts'
import { toDuration, toTimestamp } from './conversion.ts'
import type { CelEnvironment } from './environment.ts'
import { CelEvaluationError } from './evaluation-error.ts'
import { type CallExpression, childrenOf, type Expression } from './expression.ts'
import { regularExpression } from './regular-expression.ts'
import type { CelIssue } from './source-error.ts'

/**
 * What Kubernetes' environment looks at once an expression is checked: literals of durations, times and patterns, and
 * that lists and maps do not mix types (`cel/validator.go` of cel-go), and what libraries look at.
 */
export function validateExpression(expression: Expression, environment: CelEnvironment): CelIssue[] {
  const issues: CelIssue[] = []
  const report = (offset: number, message: string) => issues.push({ offset, message })
  const { mixedLiteralsIn, libraries } = environment.declarations
  const visit = (node: Expression, mixed: boolean) => {
    if (node.kind === 'call') validateLiteralArgument(node, report)
    if (!mixed) validateTypes(node, report)
    const mixedWithin = mixed || (node.kind === 'call' && mixedLiteralsIn.has(node.function))
    for (const child of childrenOf(node)) visit(child, mixedWithin)
  }
  visit(expression, false)
  for (const library of libraries) library.validate?.(expression, report)
  return issues
}

const LITERALS: Readonly<Record<string, (value: CelValue) => unknown>> = {
  duration: toDuration,
  timestamp: toTimestamp,
  matches: (value) => (typeof value === 'string' ? regularExpression(value) : undefined),
}

function validateLiteralArgument(
  { function: name, args }: CallExpression,
  report: (offset: number, message: string) => void,
): void {
  const [argument] = args
  const parse = Object.hasOwn(LITERALS, name) ? LITERALS[name] : undefined
  if (!parse || argument?.kind !== 'literal') return
  try {
    parse(argument.value)
  } catch (error) {
    if (!(error instanceof CelEvaluationError)) throw error
    report(argument.offset, `invalid ${name} argument`)
  }
}

function validateTypes(expression: Expression, report: (offset: number, message: string) => void): void {
  const mismatch = (offset: number, expected: CelType, found: CelType) =>
    report(offset, `expected type '${formatCheckedType(expected)}' but found '${formatCheckedType(found)}'`)
  if (expression.kind === 'list') {
    const types = expression.elements.map((element, index) =>
      entryType(element.type, expression.optionalIndices.has(index)),
    )
    const odd = types.findIndex((type) => !equalCelTypes(types[0]!, type))
    if (odd > 0) mismatch(expression.elements[odd]!.offset, types[0]!, types[odd]!)
  }
  if (expression.kind === 'map') {
    const [first, ...others] = expression.entries
    for (const { key, value, optional } of others) {
      const [keyType, valueType] = [first!.key.type, entryType(first!.value.type, first!.optional)]
      if (!equalCelTypes(keyType, key.type)) mismatch(key.offset, keyType, key.type)
      const type = entryType(value.type, optional)
      if (!equalCelTypes(valueType, type)) mismatch(value.offset, valueType, type)
    }
  }
}

function entryType(type: CelType, optional: boolean): CelType {
  if (!optional) return type
  return type.kind === 'optional' ? type.value : dynType
}
