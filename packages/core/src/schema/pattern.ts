import { PatternSyntaxError, translatePattern } from './pattern-translator.ts'

/** A compiled `pattern`, or why it is not a regular expression. */
export type Pattern = { readonly regexp: RegExp } | { readonly error: string }

/**
 * Compiles a regular expression in the syntax of Go's regexp package (RE2) for {@link RegExp.test}. Matching is
 * JavaScript's and so, unlike RE2's, not linear in time for patterns such as `(a+)+$`.
 */
export function compilePattern(source: string): Pattern {
  try {
    return { regexp: new RegExp(translatePattern(source), 'u') }
  } catch (error) {
    if (error instanceof PatternSyntaxError || error instanceof SyntaxError) return { error: error.message }
    throw error
  }
}
