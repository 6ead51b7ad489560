import { compileRegularExpression, type RegularExpression } from '../../regular-expression.ts'
import { intType, listType, stringType } from '../cel-type.ts'
import { ArrayList } from '../collections.ts'
import type { CelLibrary } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { search } from './call-cost.ts'
import { memberOverload } from './overload.ts'

/** Compiled expressions: a rule uses the same few again and again. */
const compiled = new Map<string, RegularExpression>()
const mostCompiled = 256

function compile(source: string): RegularExpression {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const result = compileRegularExpression(source)
  if ('error' in result) throw new CelEvaluationError(`Illegal regex: ${result.error}`)
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(source, result.regexp)
  return result.regexp
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
        memberOverload(
          'string_find_string',
          [stringType, stringType],
          stringType,
          (text: string, pattern: string) => compile(pattern).find(text) ?? '',
          search,
        ),
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
      ],
    },
  ],
}
