import { compileRegularExpression, type RegularExpression } from '../regular-expression.ts'
import type { CelValue } from './cel-value.ts'
import { CelEvaluationError } from './evaluation-error.ts'

const MOST_KEPT = 200
const compiled = new Map<string, RegularExpression>()

/**
 * A regular expression as RE2 and Go have them, which takes time in proportion to the text.
 *
 * @throws CelEvaluationError with Go's words for a pattern that is none
 */
export function regularExpression(pattern: string): RegularExpression {
  const known = compiled.get(pattern)
  if (known) return known
  const result = compileRegularExpression(pattern)
  if ('error' in result) throw new CelEvaluationError(result.error)
  if (compiled.size >= MOST_KEPT) compiled.clear()
  compiled.set(pattern, result.regexp)
  return result.regexp
}

/** For calls of a text with a pattern: cel-go compiles one that is constant with the expression that it stands in. */
export function preparePattern([, pattern]: readonly (CelValue | undefined)[]): void {
  if (typeof pattern === 'string') regularExpression(pattern)
}

/** Whether a pattern matches somewhere in a text. */
export const matchesPattern = (text: string, pattern: string): boolean =>
  regularExpression(pattern).test(text)
