import { type Expected, SyntaxFailure } from './syntax-error.ts'
import type { Token } from './tokens.ts'

/** What an opening bracket begins, which the closing one ends. */
export type Bracket = 'call' | 'group' | 'index' | 'list' | 'map' | 'message'

/**
 * The tokens of a CEL expression, written down for the parser of `@marcbachmann/cel-js`, whose grammar lacks message
 * literals, optional entries, quoted identifiers, a leading dot and `.5`, and which ranks `==` below `<`.
 *
 * Each token takes a cell of the same width, so that a position in the text tells the token. Names and literals are
 * written as numbered names; their text, and which operator of a rank is meant, is read from the token again.
 */
export interface GrammarSource {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Tokens `?` that make the entry of a list, map or message optional. */
  readonly optionalMarks: ReadonlySet<number>
  /** Identifiers after a dot that begins an expression. */
  readonly leadingDots: ReadonlySet<number>
  /** Tokens `{` that begin the fields of a message. */
  readonly messageBraces: ReadonlySet<number>
  /** How many signs, `!` or `-`, follow each other from a token on, of which only the first is written. */
  readonly signs: ReadonlyMap<number, number>
  /** How many brackets are open at each token, which is the last, and which the one around that. */
  readonly depths: readonly number[]
  readonly brackets: readonly (Bracket | undefined)[]
  readonly outerBrackets: readonly (Bracket | undefined)[]
  /** What is allowed by the other grammar and not by this one. */
  readonly failure: SyntaxFailure | undefined
}

const CELL = 8

/** The token that is at a position of the text. */
export const tokenIndexAt = (position: number): number => Math.floor(position / CELL)

/** The token that a numbered name stands for. */
export const tokenIndexOfName = (name: string): number => Number.parseInt(name.slice(2), 36)

const RELATIONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in'])
const CLOSING: ReadonlySet<string> = new Set([')', ']', '}'])

export function writeGrammarSource(tokens: readonly Token[]): GrammarSource {
  const writer = new GrammarWriter(tokens)
  for (let index = 0; index < tokens.length; index++) writer.write(index)
  return writer
}

class GrammarWriter implements GrammarSource {
  readonly tokens: readonly Token[]
  readonly optionalMarks = new Set<number>()
  readonly leadingDots = new Set<number>()
  readonly messageBraces = new Set<number>()
  readonly signs = new Map<number, number>()
  readonly depths: number[] = []
  readonly brackets: (Bracket | undefined)[] = []
  readonly outerBrackets: (Bracket | undefined)[] = []
  failure: SyntaxFailure | undefined
  readonly #cells: string[] = []
  readonly #open: Bracket[] = []
  /** The signs that were last met. */
  #signRun: { readonly text: string; readonly first: number; count: number } | undefined

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  get text(): string {
    return this.#cells.join('')
  }

  write(index: number): void {
    const token = this.tokens[index]!
    this.depths.push(this.#open.length)
    this.brackets.push(this.#open.at(-1))
    this.outerBrackets.push(this.#open.at(-2))
    if (token.kind === 'end') return
    const cell = token.kind === 'punctuation' ? this.#punctuation(index, token) : `x_${index.toString(36)}`
    this.#cells.push(cell.padEnd(CELL))
  }

  #punctuation(index: number, token: Token): string {
    const { text } = token
    if (RELATIONS.has(text)) return '<'
    switch (text) {
      case '(':
        this.#open.push(this.tokens[index - 1]?.kind === 'identifier' ? 'call' : 'group')
        return text
      case '[':
        this.#open.push(this.#afterOperand(index) ? 'index' : 'list')
        return text
      case '{':
        return this.#openBrace(index)
      case ')':
      case ']':
      case '}':
        return this.#open.pop() === 'message' ? '})' : text
      case ',':
        return this.#comma(index)
      case '.':
        return this.#dot(index)
      case '?':
        return this.#questionMark(index)
      case '!':
        return this.#sign(index, text)
      case '-':
        return this.#afterOperand(index) ? text : this.#sign(index, text)
      default:
        return text
    }
  }

  #openBrace(index: number): string {
    if (!this.#afterMessageName(index)) {
      this.#open.push('map')
      return '{'
    }
    this.#open.push('message')
    this.messageBraces.add(index)
    return '({'
  }

  /** A comma alone in brackets, `[,]`, is allowed; one at the end of arguments is not. */
  #comma(index: number): string {
    const next = this.tokens[index + 1]!
    const bracket = this.#open.at(-1)
    if (bracket === 'call' && next.text === ')') this.failure ??= new SyntaxFailure(index + 1, 'operand')
    if (bracket === undefined || bracket === 'group' || bracket === 'index') {
      this.failure ??= new SyntaxFailure(index, this.#commaExpected(index, bracket))
    }
    const before = this.tokens[index - 1]?.text
    return (before === '[' || before === '{') && CLOSING.has(next.text) ? '' : ','
  }

  /** What stands where a comma cannot. */
  #commaExpected(index: number, bracket: Bracket | undefined): Expected {
    if (!this.#afterOperand(index)) return 'operand'
    if (bracket === undefined) return 'end'
    return bracket === 'index' ? ']' : ')'
  }

  #dot(index: number): string {
    const second = this.#isDot(index - 1) || (this.#isDot(index - 2) && this.tokens[index - 1]?.text === '?')
    if (second || this.#afterOperand(index)) return '.'
    if (this.tokens[index + 1]?.kind === 'identifier') {
      this.leadingDots.add(index + 1)
      return ''
    }
    return '.'
  }

  #questionMark(index: number): string {
    const before = this.tokens[index - 1]
    const bracket = this.#open.at(-1)
    const entry = before?.text === ',' || before?.text === '[' || before?.text === '{'
    if (!entry || before.kind !== 'punctuation' || bracket === 'index' || bracket === 'call') return '?'
    this.optionalMarks.add(index)
    return ''
  }

  #sign(index: number, text: string): string {
    const continues = this.#signRun?.text === text && this.#signRun.first + this.#signRun.count === index
    const run = continues ? this.#signRun! : { text, first: index, count: 0 }
    run.count++
    this.#signRun = run
    this.signs.set(run.first, run.count)
    return continues ? '' : text
  }

  #afterOperand(index: number): boolean {
    const before = this.tokens[index - 1]
    if (!before) return false
    return before.kind !== 'punctuation' || CLOSING.has(before.text)
  }

  /** Whether identifiers joined by dots, which are no part of something else, are in front of a brace. */
  #afterMessageName(index: number): boolean {
    let first = index - 1
    if (this.tokens[first]?.kind !== 'identifier') return false
    while (this.#isDot(first - 1) && this.tokens[first - 2]?.kind === 'identifier') first -= 2
    return !this.#isDot(first - 1) || this.leadingDots.has(first)
  }

  #isDot(index: number): boolean {
    const token = this.tokens[index]
    return token?.kind === 'punctuation' && token.text === '.'
  }
}
