import type { CelIssue } from './source-error.ts'

/** As in the grammar of CEL (`CEL.g4` of cel-go); punctuation is its own kind. */
export type TokenKind =
  | 'identifier'
  | 'escaped identifier'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'true'
  | 'false'
  | 'null'
  | 'punctuation'
  | 'end'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** In UTF-16 units from the start of the source. */
  readonly offset: number
}

const BLANK = /(?:[\t \r\n\f]+|\/\/[^\n]*)+/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const ESCAPED = /`[A-Za-z0-9_.\-/ ]+`/y
const DOUBLE = /[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?/y
const INTEGER = /(?:0x[0-9a-fA-F]+|[0-9]+)([uU]?)/y
const PUNCTUATION = /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y

const ESCAPE = /\\(?:[abfnrtv"'\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/.source

/** One of the four quotes of a string: until its end, characters and escapes. */
const quoted = (quote: string, plain: string) => `${quote}${plain}*?(?:${ESCAPE}${plain}*?)*?${quote}`

const STRING = new RegExp(
  [
    quoted('"""', String.raw`[^\\]`),
    quoted("'''", String.raw`[^\\]`),
    quoted('"', String.raw`[^\\"\n\r]`),
    quoted("'", String.raw`[^\\'\n\r]`),
  ].join('|'),
  'y',
)
const RAW_STRING = /[rR](?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n\r]*"|'[^'\n\r]*')/y

const KEYWORDS: ReadonlySet<string> = new Set(['true', 'false', 'null'])

/** The tokens of an expression, the last of which is the end; what is no token is an issue and left out. */
export function tokenize(source: string): { tokens: Token[]; issues: CelIssue[] } {
  const tokens: Token[] = []
  const issues: CelIssue[] = []
  let offset = 0
  const match = (pattern: RegExp, from = offset) => {
    pattern.lastIndex = from
    return pattern.exec(source)?.[0]
  }
  while (offset < source.length) {
    const blank = match(BLANK)
    if (blank) {
      offset += blank.length
      continue
    }
    const token = nextToken(source, offset, match)
    if (token) {
      tokens.push(token)
      offset += token.text.length
      continue
    }
    const text = unrecognized(source, offset)
    issues.push({ offset, message: `Syntax error: token recognition error at: '${text}'` })
    offset += text.length
  }
  tokens.push({ kind: 'end', text: '<EOF>', offset: source.length })
  return { tokens, issues }
}

function nextToken(
  source: string,
  offset: number,
  match: (pattern: RegExp, from?: number) => string | undefined,
): Token | undefined {
  const character = source[offset]!
  const string = match(STRING) ?? match(RAW_STRING)
  if (string) return { kind: 'string', text: string, offset }
  if (character === 'b' || character === 'B') {
    const bytes = match(STRING, offset + 1) ?? match(RAW_STRING, offset + 1)
    if (bytes) return { kind: 'bytes', text: character + bytes, offset }
  }
  const word = match(WORD)
  if (word) return { kind: wordKind(word), text: word, offset }
  const double = match(DOUBLE)
  if (double) return { kind: 'double', text: double, offset }
  const integer = match(INTEGER)
  if (integer) return { kind: /[uU]$/.test(integer) ? 'uint' : 'int', text: integer, offset }
  const escaped = match(ESCAPED)
  if (escaped) return { kind: 'escaped identifier', text: escaped, offset }
  const punctuation = match(PUNCTUATION)
  return punctuation ? { kind: 'punctuation', text: punctuation, offset } : undefined
}

function wordKind(word: string): TokenKind {
  if (word === 'in') return 'punctuation'
  return KEYWORDS.has(word) ? (word as TokenKind) : 'identifier'
}

/** What the lexer of cel-go skips: what began like a token, up to the character at which it is none. */
function unrecognized(source: string, offset: number): string {
  const rest = source.slice(offset)
  const begun = /^(?:"[^\n\r"]*|'[^\n\r']*|`[A-Za-z0-9_.\-/ ]*[\s\S]?|[&|=][\s\S]?)/u.exec(rest)?.[0]
  return begun ?? String.fromCodePoint(rest.codePointAt(0)!)
}
