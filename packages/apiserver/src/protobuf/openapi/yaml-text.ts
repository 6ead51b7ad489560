import type { JsonObject } from '@k1s/apimachinery'

/** Levels of indentation are multiples of this, but for what follows a dash on the same line. */
const step = 4

/** A longer key needs a question mark before it. */
const maxSimpleKeyBytes = 128

/**
 * A JSON value as go-yaml v3 writes a node of it in block style, which is what gnostic keeps of values that can be
 * anything: keys in their order, no line wrapped, strings quoted where YAML would read something else.
 */
export function yamlText(value: unknown): string {
  if (isEmptyOrScalar(value)) return `${scalar(value, { outer: 0, indent: step })}\n`
  return block(value, 0)
}

function isEmptyOrScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}

/** The lines of a collection, the first without its indentation. */
function block(value: unknown, indent: number): string {
  const lines = Array.isArray(value)
    ? value.map((item) => `- ${inItem(item, indent)}`)
    : Object.entries(value as JsonObject).map((entry) => mappingEntry(entry, indent))
  return lines.join(' '.repeat(indent))
}

function mappingEntry([key, value]: [string, unknown], indent: number): string {
  if (!key.includes('\n') && Buffer.byteLength(key) <= maxSimpleKeyBytes) {
    return `${stringText(key, undefined)}:${afterKey(value, indent)}`
  }
  const inner = nextLevel(indent)
  const margin = ' '.repeat(indent)
  const written = isEmptyOrScalar(value)
    ? `${scalar(value, { outer: indent, indent: inner })}\n`
    : `${' '.repeat(inner - indent - 2)}${block(value, inner)}`
  return `? ${stringText(key, { outer: indent, indent: inner })}\n${margin}: ${written}`
}

function nextLevel(indent: number): number {
  return step * Math.floor((indent + step) / step)
}

function inItem(value: unknown, indent: number): string {
  return isEmptyOrScalar(value)
    ? `${scalar(value, { outer: indent, indent: indent + 2 })}\n`
    : block(value, indent + 2)
}

function afterKey(value: unknown, indent: number): string {
  const inner = nextLevel(indent)
  return isEmptyOrScalar(value)
    ? ` ${scalar(value, { outer: indent, indent: inner })}\n`
    : `\n${' '.repeat(inner)}${block(value, inner)}`
}

/** Where the lines of a text go, and what holds them. */
interface Lines {
  readonly outer: number
  readonly indent: number
}

function scalar(value: unknown, lines: Lines): string {
  if (typeof value === 'string') return stringText(value, lines)
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}'
  return JSON.stringify(value ?? null)
}

/** Without `lines` the text must be on one. */
function stringText(text: string, lines: Lines | undefined): string {
  if (/^[A-Za-z_/][\w/.-]*$/.test(text) && !keywords.has(text)) return text
  const unprintable = notPrintable.test(text)
  if (text.includes('\n')) {
    const canBeLiteral = !unprintable && !text.includes(' \n') && !text.endsWith(' ')
    return (canBeLiteral && lines && literal(text, lines)) || doubleQuoted(text)
  }
  if (unprintable || text.includes('\t') || isRead(text)) return doubleQuoted(text)
  const isPlain = !indicator.test(text) && !/^ | $/.test(text)
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`
}

const notPrintable = /[^\t\n\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/
const indicator = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?: |$)|---|\.\.\.)|:(?: |$)| #/

const keywords: ReadonlySet<string> = new Set(
  ['', '~', 'null', 'Null', 'NULL', 'true', 'True', 'TRUE', 'false', 'False', 'FALSE'].concat(
    ['.nan', '.NaN', '.NAN', '', '+', '-'].flatMap((sign) =>
      sign.startsWith('.') ? sign : ['.inf', '.Inf', '.INF'].map((text) => sign + text),
    ),
  ),
)

const number = /^[-+]?(?:(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)$/
const timestamp =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/

/** Whether YAML reads the plain text as something else than a string. */
function isRead(text: string): boolean {
  if (keywords.has(text)) return true
  if (text.startsWith('.')) return number.test(text)
  return number.test(text.replaceAll('_', '')) || timestamp.test(text)
}

/**
 * Undefined if the indentation would have to be told and is not a whole level: go-yaml tells a wrong one then, and does
 * not read its own text.
 */
function literal(text: string, { outer, indent }: Lines): string | undefined {
  const needsHint = /^[ \n]/.test(text)
  if (needsHint && indent - outer !== step) return undefined
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
  const lines = text.replace(/\n$/, '').split('\n')
  const margin = ' '.repeat(indent)
  const indented = lines.map((line) => (line === '' ? '' : margin + line))
  return `|${needsHint ? step : ''}${chomping}\n${indented.join('\n')}`
}

const escapes: { readonly [character: string]: string } = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function doubleQuoted(text: string): string {
  const escaped = Array.from(text, (character) => escapes[character] ?? escapeUnprintable(character))
  return `"${escaped.join('')}"`
}

function escapeUnprintable(character: string): string {
  if (!notPrintable.test(character)) return character
  const code = character.codePointAt(0)!
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
