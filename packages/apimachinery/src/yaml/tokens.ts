import { type CST, Lexer, type LineCounter, Parser } from 'yaml'
import { maxJsonDepth } from '../json-value.ts'

/** The document and a scalar that is being read are on the parser's stack besides the collections around it. */
const maxStack = maxJsonDepth + 2

/**
 * The tokens of a stream of YAML, which the parser makes without a recursion. The composer recurses into them: where they
 * are nested too deep `refuse` is called, since V8 ends a process that comes to compile a regular expression where the
 * stack is all but full.
 */
export function* tokensOf(
  text: string,
  lineCounter: LineCounter,
  refuse: (offset: number) => never,
): Generator<CST.Token, void, undefined> {
  const parser = new Parser(lineCounter.addNewLine)
  lineCounter.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme)
    if (parser.stack.length > maxStack) refuse(parser.offset)
  }
  yield* parser.end()
}
