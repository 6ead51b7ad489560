/** The grammar of label selectors, as the Parser of `k8s.io/apimachinery/pkg/labels`. */
import { fieldError, formatFieldError } from './field-error.ts'
import { type LabelOperator, type LabelRequirement, newLabelRequirement } from './label-requirement.ts'
import { isQualifiedName } from './validation.ts'

/** An identifier is a key or a value; every other token is its own text, and the end is the empty text. */
interface Token {
  readonly identifier: boolean
  readonly text: string
}

const end: Token = { identifier: false, text: '' }

const operatorOfToken: ReadonlyMap<string, LabelOperator> = new Map([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
])

function tokenize(text: string): Token[] {
  // Every character is part of a token, also NUL, at which Go's lexer stops without a word about the rest.
  const pattern = /([ \t\r\n]+)|(==|!=|[=!(),><])|([^ \t\r\n=!(),><]+)/y
  const tokens: Token[] = []
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[2] !== undefined) tokens.push({ identifier: false, text: match[2] })
    else if (match[3] !== undefined) tokens.push({ identifier: true, text: match[3] })
  }
  tokens.push(end)
  return tokens
}

/** The requirements of a selector in the order of its text. Throws as `labels.Parse`. */
export function parseLabelRequirements(text: string): LabelRequirement[] {
  const parser = new Parser(tokenize(text))
  return parser.parse()
}

class Parser {
  readonly #tokens: readonly Token[]
  #position = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = []
    if (this.#peek() === end) return requirements
    if (!this.#startsRequirement()) {
      throw expected(this.#peek(), "!, identifier, or 'end of string'")
    }
    for (;;) {
      requirements.push(this.#parseRequirement())
      const separator = this.#next()
      if (separator === end) return requirements
      if (separator.text !== ',') throw expected(separator, "',' or 'end of string'")
      if (!this.#startsRequirement()) throw expected(this.#peek(), "identifier after ','")
    }
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? end
  }

  #next(): Token {
    const token = this.#peek()
    this.#position++
    return token
  }

  #startsRequirement(): boolean {
    const token = this.#peek()
    return token.identifier || token.text === '!'
  }

  #parseRequirement(): LabelRequirement {
    try {
      return this.#parseKeyAndRest()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`unable to parse requirement: ${reason}`, { cause: error })
    }
  }

  #parseKeyAndRest(): LabelRequirement {
    const negated = this.#peek().text === '!'
    if (negated) this.#next()
    const key = this.#next()
    if (!key.identifier) throw expected(key, 'identifier')
    checkKey(key.text)
    if (negated) return newLabelRequirement(key.text, '!', [])
    const { text } = this.#peek()
    if (text === '' || text === ',') return newLabelRequirement(key.text, 'exists', [])
    const operator = this.#parseOperator()
    const values =
      operator === 'in' || operator === 'notin' ? this.#parseValueSet() : [this.#parseExactValue()]
    return newLabelRequirement(key.text, operator, [...new Set(values)].sort())
  }

  #parseOperator(): LabelOperator {
    const token = this.#next()
    const operator = operatorOfToken.get(token.text)
    if (operator === undefined) throw expected(token, 'in, notin, =, ==, !=, gt, lt')
    return operator
  }

  #parseExactValue(): string {
    const { text } = this.#peek()
    if (text === '' || text === ',') return ''
    const token = this.#next()
    if (!token.identifier) throw expected(token, 'identifier')
    return token.text
  }

  /** Values may be empty: `()`, `(,)` and `(a,)` are sets with the empty value. */
  #parseValueSet(): string[] {
    const open = this.#next()
    if (open.text !== '(') throw new Error(`found '${open.text}' expected: '('`)
    const first = this.#peek()
    if (!first.identifier && first.text !== ',' && first.text !== ')') {
      throw expected(first, "',', ')' or identifier")
    }
    const values: string[] = []
    for (;;) {
      values.push(this.#peek().identifier ? this.#next().text : '')
      const token = this.#next()
      if (token.text === ')' && !token.identifier) return values
      if (token.text !== ',') throw expected(token, "',' or ')'")
      const next = this.#peek()
      if (!next.identifier && next.text !== ',' && next.text !== ')') {
        throw expected(next, "',', or identifier")
      }
    }
  }
}

function expected(token: Token, what: string): Error {
  return new Error(`found '${token.text}', expected: ${what}`)
}

/** Go checks the key before it knows a field path, which it prints as `<nil>`. */
function checkKey(key: string): void {
  const messages = isQualifiedName(key)
  if (messages.length > 0)
    throw new Error(formatFieldError(fieldError.invalid('<nil>', key, messages.join('; '))))
}
