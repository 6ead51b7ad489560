import type { RegularExpression } from '../../regular-expression.ts'
import { intType, listType, stringType } from '../cel-type.ts'
import type { CelValue } from '../cel-value.ts'
import { ArrayList } from '../collections.ts'
import type { CelLibrary } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { preparePattern, regularExpression } from '../regular-expression.ts'
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

/** Search with regular expressions: `k8s.io/apiserver/pkg/cel/library/regex.go`. */
export const regexLibrary: CelLibrary = {
  name: 'kubernetes.regex',
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
          prepare: preparePattern,
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
      ].map((declared) => ({ ...declared, prepare: preparePattern, work: work(5) })),
    },
  ],
}
