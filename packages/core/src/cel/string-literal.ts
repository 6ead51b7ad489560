import { InvalidLiteralError } from './invalid-literal-error.ts'

const encoder = new TextEncoder()

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
}

const ESCAPE = /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))/g

/**
 * The text of a string literal, quotes and prefix `r` included. Escapes stand for code points.
 *
 * @throws InvalidLiteralError with the message of cel-go's `unescape`
 */
export function unquoteString(literal: string): string {
  const { body, raw } = stripQuotes(literal)
  if (raw || !body.includes('\\')) return body
  return body.replace(ESCAPE, (_, hex, short, long, octal, simple) => {
    if (simple !== undefined) return SIMPLE_ESCAPES[simple] ?? ''
    return codePoint(
      octal === undefined ? Number.parseInt(hex ?? short ?? long, 16) : Number.parseInt(octal, 8),
    )
  })
}

/**
 * The bytes of a literal after its prefix `b`: characters as UTF-8, and escapes as single bytes.
 *
 * @throws InvalidLiteralError with the message of cel-go's `unescape`
 */
export function unquoteBytes(literal: string): Uint8Array {
  const { body, raw } = stripQuotes(literal)
  if (raw || !body.includes('\\')) return encoder.encode(body)
  const parts: Uint8Array[] = []
  let end = 0
  for (const match of body.matchAll(ESCAPE)) {
    const [text, hex, short, long, octal, simple] = match
    if (short !== undefined || long !== undefined) throw new InvalidLiteralError('unable to unescape string')
    parts.push(encoder.encode(body.slice(end, match.index)))
    end = match.index + text.length
    if (simple !== undefined) parts.push(encoder.encode(SIMPLE_ESCAPES[simple] ?? ''))
    else parts.push(Uint8Array.of(hex === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(hex, 16)))
  }
  parts.push(encoder.encode(body.slice(end)))
  return Uint8Array.from(Buffer.concat(parts))
}

function stripQuotes(literal: string): { body: string; raw: boolean } {
  const text = literal.replace(/\r\n?/g, '\n')
  const raw = text[0] === 'r' || text[0] === 'R'
  const quoted = raw ? text.slice(1) : text
  const width = quoted.length >= 6 && (quoted.startsWith('"""') || quoted.startsWith("'''")) ? 3 : 1
  return { body: quoted.slice(width, -width), raw }
}

function codePoint(value: number): string {
  if (value > 0x10_ffff || (value >= 0xd800 && value <= 0xdfff))
    throw new InvalidLiteralError('invalid unicode code point')
  return String.fromCodePoint(value)
}
