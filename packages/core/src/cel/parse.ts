import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import { Converter, DEEPEST, type MacroLookup, tooDeep } from './convert-syntax-tree.ts'
import type { Expression } from './expression.ts'
import { type GrammarSource, tokenIndexAt, writeGrammarSource } from './grammar-source.ts'
import { CelCompileError, type CelIssue } from './source-error.ts'
import { type Expected, explainSyntaxError, SyntaxFailure } from './syntax-error.ts'
import { type Token, tokenize } from './tokens.ts'
import { codePointCount } from './value-size.ts'

const LONGEST_SOURCE = 100_000
/** `errorRecoveryLimit` of cel-go. */
const MOST_REPAIRS = 30

/**
 * Parses an expression and expands its macros.
 *
 * `@marcbachmann/cel-js` does the parsing, and that only. Its checker and evaluator are not used: `matches` runs on a
 * backtracking RegExp and an overload of it cannot be replaced; nothing counts costs; each schema would have to be
 * registered by name in a table that all environments share; string functions count UTF-16 units; and its messages are
 * not those of cel-go. `grammar-source.ts` adds what its grammar lacks.
 *
 * @throws CelCompileError
 */
export function parseExpression(source: string, findMacro: MacroLookup): Expression {
  assertSize(source)
  const { tokens, issues } = tokenize(source)
  const expression = parseTokens(source, tokens, findMacro, issues)
  if (!expression || issues.length > 0) throw new CelCompileError(source, issues)
  return expression
}

function assertSize(source: string): void {
  if (source.length <= LONGEST_SOURCE) return
  const size = codePointCount(source)
  if (size <= LONGEST_SOURCE) return
  const message = `expression code point size exceeds limit: size: ${size}, limit ${LONGEST_SOURCE}`
  throw new CelCompileError(source, [{ offset: -1, message }])
}

/** Parses as often as tokens can be repaired; undefined if in the end they cannot. */
function parseTokens(
  source: string,
  tokens: readonly Token[],
  findMacro: MacroLookup,
  issues: CelIssue[],
): Expression | undefined {
  let remaining = tokens
  for (let attempt = 0; attempt < MOST_REPAIRS; attempt++) {
    const grammar = writeGrammarSource(remaining)
    const found: CelIssue[] = []
    try {
      const expression = new Converter(source, grammar, findMacro, found).convert(parseText(source, grammar))
      issues.push(...found)
      return expression
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error
      const { repaired, ...issue } = explainSyntaxError(source, grammar, error)
      issues.push(issue)
      if (!repaired) return undefined
      remaining = repaired
    }
  }
  return undefined
}

let parser: Environment | undefined

function parseText(source: string, grammar: GrammarSource): ASTNode {
  parser ??= new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    limits: {
      maxAstNodes: Number.POSITIVE_INFINITY,
      maxDepth: DEEPEST,
      maxListElements: Number.POSITIVE_INFINITY,
      maxMapEntries: Number.POSITIVE_INFINITY,
      maxCallArguments: Number.POSITIVE_INFINITY,
    },
  })
  if (grammar.failure) throw grammar.failure
  try {
    return parser.parse(grammar.text).ast
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    if (error.code === 'limit_exceeded') throw tooDeep(source)
    const position = error.range?.start ?? grammar.text.length
    throw new SyntaxFailure(Math.min(tokenIndexAt(position), grammar.tokens.length - 1), expectedBy(error))
  }
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  RPAREN: ')',
  RBRACKET: ']',
  RBRACE: '}',
  COLON: ':',
  IDENTIFIER: 'name',
}

function expectedBy({ code, summary }: ParseError): Expected {
  if (code === 'unexpected_token') return 'operand'
  return EXPECTED[/^Expected (\w+)/.exec(summary)?.[1] ?? ''] ?? 'end'
}
