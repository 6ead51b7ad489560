import { UnicodePattern } from './unicode-pattern.ts'

/**
 * A text in double quotes as Go's `%q` (strconv.Quote) prints it, which all messages of Kubernetes use: printable
 * characters of any script stay as they are, others become `\n`, `\x00` or `\u00ad`.
 */
export function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`
  let quoted = '"'
  for (const character of text) quoted += quoteCharacter(character)
  return `${quoted}"`
}

const plain = /^[ !#-[\]-~]*$/

const escapes: { readonly [character: string]: string } = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function quoteCharacter(character: string): string {
  const known = escapes[character]
  if (known !== undefined) return known
  if (isPrintable(character)) return character
  const codePoint = character.codePointAt(0)!
  const hex = codePoint.toString(16)
  if (codePoint < 0x20 || codePoint === 0x7f) return `\\x${hex.padStart(2, '0')}`
  return codePoint > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}

/** Whether one character is printable in the sense of Go's unicode.IsPrint: the ASCII space is its only space. */
export function isPrintable(character: string): boolean {
  if (character <= '~') return character >= ' '
  return printable.test(character)
}

const printable = new UnicodePattern('^[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]$')
