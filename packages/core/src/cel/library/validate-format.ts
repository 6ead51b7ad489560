import type { CelType } from '../cel-type.ts'
import { formatCelType } from '../cel-type.ts'
import type { ReportIssue } from '../environment.ts'
import { type CallExpression, childrenOf, type Expression } from '../expression.ts'
import { formatErrors } from './format-clause.ts'
import { type Clause, FormatError, interpolate } from './format-string.ts'

/**
 * Checks calls of `format` on a literal with a literal list of arguments: `stringFormatValidator` of
 * `cel-go/ext/formatting.go`.
 */
export function validateFormatCalls(expression: Expression, report: ReportIssue): void {
  if (expression.kind === 'call' && expression.overloadIds.includes('string_format')) {
    validateCall(expression, report)
  }
  for (const child of childrenOf(expression)) validateFormatCalls(child, report)
}

function validateCall({ offset, target, args }: CallExpression, report: ReportIssue): void {
  const [list] = args
  if (target?.kind !== 'literal' || typeof target.value !== 'string' || list?.kind !== 'list') return
  const { elements } = list
  let used = 0
  let place = offset
  try {
    interpolate(target.value, {
      count: elements.length,
      requireArgument() {},
      format(clause, index) {
        used++
        const wrong = firstUnfit(clause, elements[index]!)
        if (wrong === undefined) return ''
        place = wrong.offset
        throw new FormatError(formatErrors[clause.verb](typeName(wrong.type)))
      },
    })
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    report(place, error.message)
    return
  }
  if (elements.length > used) {
    const counts = `(expected ${used}, got ${elements.length})`
    report(offset, `too many arguments supplied to string.format ${counts}`)
  }
}

const accepted: { readonly [verb in Clause['verb']]: ReadonlySet<CelType['kind']> } = {
  s: new Set([
    'list',
    'map',
    'int',
    'uint',
    'double',
    'bool',
    'string',
    'timestamp',
    'bytes',
    'duration',
    'type',
    'null',
  ]),
  d: new Set(['int', 'uint']),
  f: new Set(['double', 'string']),
  e: new Set(['double', 'string']),
  b: new Set(['int', 'uint', 'bool']),
  x: new Set(['int', 'uint', 'string', 'bytes']),
  X: new Set(['int', 'uint', 'string', 'bytes']),
  o: new Set(['int', 'uint']),
}

/** The argument, or what `%s` finds within it. */
function firstUnfit({ verb, precision }: Clause, argument: Expression): Expression | undefined {
  if (argument.type.kind !== 'dyn' && !accepted[verb].has(argument.type.kind)) return argument
  if (verb !== 's' || (argument.kind !== 'list' && argument.kind !== 'map')) return undefined
  for (const inner of childrenOf(argument)) {
    const wrong = firstUnfit({ verb, precision }, inner)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** Without parameters. */
function typeName(type: CelType): string {
  switch (type.kind) {
    case 'list':
    case 'map':
    case 'type':
      return type.kind
    case 'optional':
      return 'optional_type'
    default:
      return formatCelType(type)
  }
}
