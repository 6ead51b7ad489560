import type { Bracket, GrammarSource } from './grammar-source.ts'
import type { CelIssue } from './source-error.ts'
import type { Token } from './tokens.ts'

/** What the grammar expects at a place; any other text is written into the message as it is. */
export type Expected = 'operand' | 'end' | 'name' | 'field' | ')' | ']' | '}' | ':'

/** A token where the grammar expects something else. */
export class SyntaxFailure extends Error {
  readonly tokenIndex: number
  readonly expected: Expected

  constructor(tokenIndex: number, expected: Expected) {
    super(`unexpected token ${tokenIndex}`)
    this.tokenIndex = tokenIndex
    this.expected = expected
  }
}

/** An issue, and the tokens with which ANTLR would go on and perhaps find others. */
export interface SyntaxIssue extends CelIssue {
  readonly repaired?: readonly Token[]
}

const LITERALS = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER"
const OPERAND = `{'[', '{', '(', '.', '-', '!', ${LITERALS}}`
const FIRST_ARGUMENT = `{'[', '{', '(', ')', '.', '-', '!', ${LITERALS}}`
const FIRST_INDEX = `{'[', '{', '(', '.', '-', '!', '?', ${LITERALS}}`
const FIRST_ELEMENT = `{'[', ']', '{', '(', '.', ',', '-', '!', '?', ${LITERALS}}`
const FIRST_ENTRY = `{'[', '{', '}', '(', '.', ',', '-', '!', '?', ${LITERALS}}`
const FIELD = "{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}"

const STARTING: ReadonlySet<string> = new Set(['[', '{', '(', '.', '-', '!'])
const FOLLOWING: ReadonlySet<string> = new Set([
  '.',
  '[',
  '?',
  '&&',
  '||',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  '+',
  '-',
  '*',
  '/',
  '%',
])
const CLOSERS: Readonly<Record<Bracket, string>> = {
  call: ')',
  group: ')',
  index: ']',
  list: ']',
  map: '}',
  message: '}',
}

/**
 * Says what is wrong as ANTLR does, which cel-go parses with: a token too many is `extraneous`, one that can be guessed is
 * `missing`, and any other is `mismatched` or leaves `no viable alternative`. After the first two, parsing goes on.
 */
export function explainSyntaxError(
  source: string,
  grammar: GrammarSource,
  failure: SyntaxFailure,
): SyntaxIssue {
  return new Explanation(source, grammar, failure.tokenIndex).explain(failure.expected)
}

class Explanation {
  readonly #source: string
  readonly #tokens: readonly Token[]
  readonly #brackets: readonly (Bracket | undefined)[]
  readonly #outer: readonly (Bracket | undefined)[]
  readonly #index: number
  readonly #grammar: GrammarSource

  constructor(source: string, grammar: GrammarSource, index: number) {
    const { tokens, brackets, outerBrackets } = grammar
    this.#grammar = grammar
    this.#source = source
    this.#tokens = tokens
    this.#brackets = brackets
    this.#outer = outerBrackets
    this.#index = index
  }

  explain(expected: Expected): SyntaxIssue {
    switch (expected) {
      case 'operand':
        return this.#operand()
      case 'end':
        return this.#at(this.#index + 1).kind === 'end'
          ? this.#extraneous('<EOF>')
          : this.#mismatched('<EOF>')
      case 'name':
        return this.#name()
      case 'field':
        return this.#mismatched(FIELD)
      case ':':
        if (this.#is(this.#index + 1, ':')) return this.#extraneous("':'")
        return this.#startsOperand(this.#index) ? this.#missing(':') : this.#mismatched("':'")
      default:
        return this.#closer(expected)
    }
  }

  #at(index: number): Token {
    return this.#tokens[Math.max(0, Math.min(index, this.#tokens.length - 1))]!
  }

  #is(index: number, text: string): boolean {
    const token = this.#tokens[index]
    return token?.kind === 'punctuation' && token.text === text
  }

  #issue(message: string, repaired?: readonly Token[]): SyntaxIssue {
    const { offset } = this.#at(this.#index)
    return { offset, message: `Syntax error: ${message}`, ...(repaired && { repaired }) }
  }

  #mismatched(expecting: string): SyntaxIssue {
    return this.#issue(`mismatched input '${this.#at(this.#index).text}' expecting ${expecting}`)
  }

  #extraneous(expecting: string): SyntaxIssue {
    const token = this.#at(this.#index)
    const message = `extraneous input '${token.text}' expecting ${expecting}`
    return this.#issue(message, token.kind === 'end' ? undefined : this.#tokens.toSpliced(this.#index, 1))
  }

  #missing(text: string): SyntaxIssue {
    const token = this.#at(this.#index)
    const inserted: Token = { kind: 'punctuation', text, offset: token.offset }
    return this.#issue(
      `missing '${text}' at '${token.text}'`,
      this.#tokens.toSpliced(this.#index, 0, inserted),
    )
  }

  #operand(): SyntaxIssue {
    const index = this.#index
    const bracket = this.#brackets[index]
    if (this.#is(index, '.')) return this.#noViable(index, index + 1)
    if (this.#is(index - 1, ',') && bracket && bracket !== 'call')
      return this.#closer(CLOSERS[bracket] as Expected)
    if (this.#is(index - 1, '!')) return this.#extraneous(OPERAND)
    if (this.#is(index - 1, '-') && !this.#endsOperand(index - 2)) return this.#noViable(index - 1, index)
    const [expecting, also] = this.#firstOf(index, bracket)
    const next = this.#at(index + 1)
    if (this.#is(index, ',') && also.includes(',')) {
      // A comma alone is allowed there, and then only the closing bracket.
      const { brackets } = this.#grammar
      return new Explanation(this.#source, this.#grammar, index + 1).explain(
        CLOSERS[brackets[index]!] as Expected,
      )
    }
    const extraneous =
      this.#startsOperand(index + 1) || (next.kind === 'punctuation' && also.includes(next.text))
    return extraneous ? this.#extraneous(expecting) : this.#mismatched(expecting)
  }

  /** What may come right after an opening bracket, and which of it is no operand. */
  #firstOf(index: number, bracket: Bracket | undefined): [expecting: string, also: readonly string[]] {
    if (this.#is(index - 1, '(')) return bracket === 'call' ? [FIRST_ARGUMENT, [')']] : [OPERAND, []]
    if (this.#is(index - 1, '[')) {
      return bracket === 'index' ? [FIRST_INDEX, ['?']] : [FIRST_ELEMENT, [']', ',', '?']]
    }
    if (!this.#is(index - 1, '{')) return [OPERAND, []]
    return bracket === 'message' ? [FIELD, ['}', ',', '?']] : [FIRST_ENTRY, ['}', ',', '?']]
  }

  #closer(expected: string): SyntaxIssue {
    const index = this.#index
    const bracket = this.#brackets[index]
    const afterComma = this.#is(index - 1, ',')
    const many = bracket === 'list' || bracket === 'map' || bracket === 'message'
    const expecting = many && !afterComma ? `{'${expected}', ','}` : `'${expected}'`
    if (this.#is(index + 1, expected)) return this.#extraneous(expecting)
    if (many && !afterComma)
      return this.#is(index + 1, ',') ? this.#extraneous(expecting) : this.#mismatched(expecting)
    return this.#canFollow(index) ? this.#missing(expected) : this.#mismatched(expecting)
  }

  /** Whether a token could come after the bracket that is open at it was closed. */
  #canFollow(index: number): boolean {
    const token = this.#at(index)
    const outer = this.#outer[index]
    if (token.kind === 'end') return outer === undefined
    if (token.kind !== 'punctuation') return false
    if (FOLLOWING.has(token.text)) return true
    if (outer === undefined) return false
    return token.text === CLOSERS[outer] || (token.text === ',' && outer !== 'group' && outer !== 'index')
  }

  #name(): SyntaxIssue {
    const index = this.#index
    const token = this.#at(index)
    if (!this.#is(index - 1, '.')) return this.#mismatched('{IDENTIFIER, ESC_IDENTIFIER}')
    if (token.kind === 'true' || token.kind === 'false' || token.kind === 'null')
      return this.#mismatched('IDENTIFIER')
    return this.#noViable(index - 1, index)
  }

  /** @param from the token at which the parser had to decide */
  #noViable(from: number, at: number): SyntaxIssue {
    const [first, last] = [this.#at(from), this.#at(at)]
    const end = last.kind === 'end' ? first.offset + first.text.length : last.offset + last.text.length
    const message = `Syntax error: no viable alternative at input '${this.#source.slice(first.offset, end)}'`
    return { offset: last.offset, message }
  }

  #startsOperand(index: number): boolean {
    const token = this.#at(index)
    if (token.kind === 'punctuation') return STARTING.has(token.text)
    return token.kind !== 'end' && token.kind !== 'escaped identifier'
  }

  #endsOperand(index: number): boolean {
    const token = this.#tokens[index]
    if (!token) return false
    return token.kind !== 'punctuation' || token.text === ')' || token.text === ']' || token.text === '}'
  }
}
