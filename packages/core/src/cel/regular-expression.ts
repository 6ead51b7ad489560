import { RE2JS, RE2JSException } from 're2js'
import { CelEvaluationError } from './evaluation-error.ts'

const MOST_KEPT = 200
const compiled = new Map<string, RE2JS>()

/**
 * A regular expression as RE2 and Go have them, which takes time in proportion to the text.
 *
 * @throws CelEvaluationError with Go's words for a pattern that is none
 */
export function regularExpression(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  try {
    const expression = RE2JS.compile(pattern)
    if (compiled.size >= MOST_KEPT) compiled.clear()
    compiled.set(pattern, expression)
    return expression
  } catch (error) {
    if (error instanceof RE2JSException) throw new CelEvaluationError(error.message)
    throw error
  }
}

/** Whether a pattern matches somewhere in a text. */
export const matchesPattern = (text: string, pattern: string): boolean =>
  regularExpression(pattern).test(text)
