import type { CelValue } from './cel-value.ts'
import { parseDouble, parseInteger, parseUnsigned } from './number-literal.ts'
import { unquoteBytes, unquoteString } from './string-literal.ts'
import type { Token } from './tokens.ts'

/**
 * The value that a token is a literal of; undefined for one that is none.
 *
 * @throws InvalidLiteralError
 */
export function tokenLiteral({ kind, text }: Token): CelValue | undefined {
  switch (kind) {
    case 'string':
      return unquoteString(text)
    case 'bytes':
      return unquoteBytes(text.slice(1))
    case 'int':
      return parseInteger(text, false)
    case 'uint':
      return parseUnsigned(text.slice(0, -1))
    case 'double':
      return parseDouble(text)
    case 'true':
    case 'false':
      return kind === 'true'
    case 'null':
      return null
    default:
      return undefined
  }
}
