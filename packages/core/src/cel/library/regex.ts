import { compileRegularExpression, type RegularExpression } from '../../regular-expression.ts'
import { intType, listType, stringType } from '../cel-type.ts'
import type { CelValue } from '../cel-value.ts'
import { ArrayList } from '../collections.ts'
import type { CelLibrary, ReportIssue } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { childrenOf, type Expression } from '../expression.ts'
import { regularExpression } from '../regular-expression.ts'
import { search } from './call-cost.ts'
import { memberOverload } from './overload.ts'

function compile(pattern: string): RegularExpression {
  try {
    return regularExpression(pattern)
  } catch (error) {
    if (error instanceof CelEvaluationError) throw new CelEvaluationError(`Illegal regex: ${error.message}`)
    throw error
  }
}

/** As for `matches`, and with `findAll` the finding of as many matches as there may be. */
const work =
  (stepsPerMatch: number) =>
  ([text, pattern]: readonly CelValue[]): number => {
    const { programSize } = compile(pattern as string)
    return (text as string).length * (stepsPerMatch + programSize / 20)
  }

function findAll(text: string, pattern: string, limit = -1n): ArrayList {
  return new ArrayList(compile(pattern).findAll(text, Number(limit)))
}

/** A literal that is no expression is refused with the expression that it stands in. */
function validatePatterns(expression: Expression, report: ReportIssue): void {
  if (expression.kind === 'call' && (expression.function === 'find' || expression.function === 'findAll')) {
    const [pattern] = expression.args
    const source = pattern?.kind === 'literal' ? pattern.value : undefined
    const result = typeof source === 'string' ? compileRegularExpression(source) : undefined
    if (result !== undefined && 'error' in result) report(pattern!.offset, result.error)
  }
  for (const child of childrenOf(expression)) validatePatterns(child, report)
}

/** Search with regular expressions: `k8s.io/apiserver/pkg/cel/library/regex.go`. */
export const regexLibrary: CelLibrary = {
  name: 'kubernetes.regex',
  validate: validatePatterns,
  functions: [
    {
      name: 'find',
      overloads: [
        {
          ...memberOverload(
            'string_find_string',
            [stringType, stringType],
            stringType,
            (text: string, pattern: string) => compile(pattern).find(text) ?? '',
            search,
          ),
          work: work(0),
        },
      ],
    },
    {
      name: 'findAll',
      overloads: [
        memberOverload(
          'string_find_all_string',
          [stringType, stringType],
          listType(stringType),
          (text: string, pattern: string) => findAll(text, pattern),
          search,
        ),
        memberOverload(
          'string_find_all_string_int',
          [stringType, stringType, intType],
          listType(stringType),
          findAll,
          search,
        ),
      ].map((declared) => ({ ...declared, work: work(5) })),
    },
  ],
}
