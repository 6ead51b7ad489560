import { RE2JS, RE2JSSyntaxException } from 're2js'

/** Searches text in time linear in its length, whatever the expression. */
export interface RegularExpression {
  /** Instructions of its program: a character of the text takes at most that many steps. */
  readonly programSize: number
  /** Whether any part of the text matches. */
  test(text: string): boolean
  /** The leftmost match; undefined without one. */
  find(text: string): string | undefined
  /** Successive matches that do not overlap, at most `limit` of them; all if `limit` is negative. */
  findAll(text: string, limit: number): string[]
}

/** A regular expression, or why a text is none, in the words of Go's regexp package. */
export type CompiledRegularExpression = { readonly regexp: RegularExpression } | { readonly error: string }

/**
 * Compiles an expression in the syntax of Go's regexp package (RE2). Unlike Go 1.25 and later, the long names of
 * Unicode categories (`\p{Letter}`) and two groups of one name are not accepted.
 */
export function compileRegularExpression(source: string): CompiledRegularExpression {
  try {
    return { regexp: new LinearRegularExpression(RE2JS.compile(source)) }
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { error: describe(error, source) }
    throw error
  }
}

function describe({ error, input }: RE2JSSyntaxException, source: string): string {
  const part = input ?? (error.startsWith('trailing backslash') ? '' : source)
  return `error parsing regexp: ${error}: \`${part}\``
}

class LinearRegularExpression implements RegularExpression {
  readonly #compiled: RE2JS

  constructor(compiled: RE2JS) {
    this.#compiled = compiled
  }

  get programSize(): number {
    return this.#compiled.programSize()
  }

  test(text: string): boolean {
    return this.#compiled.test(text)
  }

  find(text: string): string | undefined {
    const matcher = this.#compiled.matcher(text)
    return matcher.find() ? matcher.substring(matcher.start(), matcher.end()) : undefined
  }

  findAll(text: string, limit: number): string[] {
    const matches: string[] = []
    const matcher = this.#compiled.matcher(text)
    let previousEnd = -1
    while (matches.length !== limit && matcher.find()) {
      const start = matcher.start()
      const end = matcher.end()
      // Go leaves out an empty match that abuts a preceding one.
      if (start !== end || start !== previousEnd) matches.push(text.slice(start, end))
      previousEnd = end
    }
    return matches
  }
}
