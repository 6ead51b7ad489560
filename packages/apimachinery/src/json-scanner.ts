/**
 * A validating scan of JSON text that keeps what `JSON.parse` does not: where a mistake is, and which keys are
 * given twice. Messages of mistakes are those of Go's `encoding/json`.
 */
import { losesPrecision } from './go-number.ts'
import { maxJsonDepth } from './json-value.ts'

/** A key that its object already has. */
export interface DuplicateField {
  /** The path from the root, such as `spec.items[0].name`. */
  readonly path: string
  /** The last part of the path. */
  readonly key: string
  readonly line: number
  readonly column: number
}

/** A number as it is written, and in which field. */
export interface InexactNumber {
  readonly path: string
  readonly text: string
  readonly line: number
  readonly column: number
}

/** What is wrong, and at which offset of the text. */
export class JsonScanError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'JsonScanError'
    this.offset = offset
  }
}

/** The line and column, from 1, of an offset of the text. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    start = at + 1
  }
  return { line, column: offset - start + 1 }
}

/** The duplicate fields of a valid JSON text, at most 100, in the order of the text. */
export function findDuplicateFields(text: string): DuplicateField[] {
  const scanner = new JsonScanner(text)
  scanner.scanDocument()
  return scanner.duplicates.map(({ path, key, offset }) => ({ path, key, ...positionAt(text, offset) }))
}

const longNumber = /\d{16}|[eE]\+?\d{3}/

/** The first number of a valid JSON text that is too large for a double, or an integer that `losesPrecision`. */
export function findInexactNumber(text: string): InexactNumber | undefined {
  // Hardly any text has as many digits in a row.
  if (!longNumber.test(text)) return undefined
  const scanner = new JsonScanner(text)
  scanner.scanDocument()
  const { inexact } = scanner
  return inexact && { path: inexact.path, text: inexact.text, ...positionAt(text, inexact.offset) }
}

/**
 * The start and end offsets of the values of a stream of JSON values (`{} {}`), as Go's `json.Decoder` reads
 * one. Throws a {@link JsonScanError}.
 */
export function splitJsonStream(text: string): { start: number; end: number }[] {
  const scanner = new JsonScanner(text)
  const extents: { start: number; end: number }[] = []
  for (scanner.skipSpace(); scanner.offset < text.length; scanner.skipSpace()) {
    const start = scanner.offset
    scanner.scanValue('', 0)
    extents.push({ start, end: scanner.offset })
  }
  return extents
}

/** The first mistake of a text that `JSON.parse` refuses. */
export function findJsonError(text: string): JsonScanError | undefined {
  try {
    new JsonScanner(text).scanDocument()
  } catch (error) {
    if (error instanceof JsonScanError) return error
    throw error
  }
  return undefined
}

/** True when objects and arrays are nested deeper than {@link maxJsonDepth} in a valid JSON text. */
export function exceedsMaxDepth(text: string): boolean {
  // Each level takes an opening and a closing character, so that most texts need no look at all.
  if (text.length <= 2 * maxJsonDepth) return false
  let depth = 0
  for (let offset = 0; offset < text.length; offset++) {
    const char = text.charCodeAt(offset)
    if (char === 0x22) {
      offset = endOfString(text, offset)
    } else if (char === 0x7b || char === 0x5b) {
      if (++depth > maxJsonDepth) return true
    } else if (char === 0x7d || char === 0x5d) {
      depth--
    }
  }
  return false
}

/** The offset of the quote that ends a string of a valid JSON text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return end
  }
}

const maxDuplicates = 100
const integer = /^-?\d+$/
const simpleKey = /^"[^"\\]*"$/
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

class JsonScanner {
  readonly duplicates: { path: string; key: string; offset: number }[] = []
  inexact: { path: string; text: string; offset: number } | undefined
  offset = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  scanDocument(): void {
    this.skipSpace()
    this.scanValue('', 0)
    this.skipSpace()
    if (this.offset < this.#text.length) throw this.#unexpected('after top-level value')
  }

  skipSpace(): void {
    for (;;) {
      const char = this.#text.charCodeAt(this.offset)
      if (char !== 0x20 && char !== 0x0a && char !== 0x0d && char !== 0x09) return
      this.offset++
    }
  }

  scanValue(path: string, depth: number): void {
    if (depth > maxJsonDepth) throw new JsonScanError('exceeded max depth', this.offset)
    switch (this.#text[this.offset]) {
      case '{':
        this.#scanObject(path, depth)
        break
      case '[':
        this.#scanArray(path, depth)
        break
      case '"':
        this.#scanString()
        break
      case 't':
        this.#scanLiteral('true')
        break
      case 'f':
        this.#scanLiteral('false')
        break
      case 'n':
        this.#scanLiteral('null')
        break
      default:
        this.#scanNumber(path)
    }
  }

  #scanObject(path: string, depth: number): void {
    const keys = new Set<string>()
    this.offset++
    this.skipSpace()
    if (this.#accept('}')) return
    for (;;) {
      const start = this.offset
      if (this.#text[start] !== '"') throw this.#unexpected('looking for beginning of object key string')
      this.#scanString()
      const source = this.#text.slice(start, this.offset)
      const key = simpleKey.test(source) ? source.slice(1, -1) : (JSON.parse(source) as string)
      const field = path === '' ? key : `${path}.${key}`
      if (!keys.has(key)) keys.add(key)
      else if (this.duplicates.length < maxDuplicates)
        this.duplicates.push({ path: field, key, offset: start })
      this.skipSpace()
      if (!this.#accept(':')) throw this.#unexpected('after object key')
      this.skipSpace()
      this.scanValue(field, depth + 1)
      this.skipSpace()
      if (this.#accept('}')) return
      if (!this.#accept(',')) throw this.#unexpected('after object key:value pair')
      this.skipSpace()
    }
  }

  #scanArray(path: string, depth: number): void {
    this.offset++
    this.skipSpace()
    if (this.#accept(']')) return
    for (let index = 0; ; index++) {
      this.scanValue(`${path}[${index}]`, depth + 1)
      this.skipSpace()
      if (this.#accept(']')) return
      if (!this.#accept(',')) throw this.#unexpected('after array element')
      this.skipSpace()
    }
  }

  #scanString(): void {
    for (this.offset++; ; this.offset++) {
      const char = this.#text.charCodeAt(this.offset)
      if (char === 0x22) break
      if (char === 0x5c) this.#scanEscape()
      else if (char < 0x20 || Number.isNaN(char)) throw this.#unexpected('in string literal')
    }
    this.offset++
  }

  #scanEscape(): void {
    this.offset++
    const char = this.#text[this.offset] ?? ''
    if (char === 'u') {
      for (let digit = 0; digit < 4; digit++) {
        this.offset++
        if (!/^[0-9a-fA-F]$/.test(this.#text[this.offset] ?? '')) {
          throw this.#unexpected('in \\u hexadecimal character escape')
        }
      }
    } else if (char === '' || !'"\\/bfnrt'.includes(char)) {
      throw this.#unexpected('in string escape code')
    }
  }

  #scanLiteral(literal: string): void {
    for (const [index, expected] of [...literal].entries()) {
      if (this.#text[this.offset] !== expected) {
        throw this.#unexpected(
          index === 0
            ? 'looking for beginning of value'
            : `in literal ${literal} (expecting ${quoteChar(expected)})`,
        )
      }
      this.offset++
    }
  }

  #scanNumber(path: string): void {
    numberPattern.lastIndex = this.offset
    const match = numberPattern.exec(this.#text)
    if (match === null) {
      const sign = this.#text[this.offset] === '-'
      if (sign) this.offset++
      throw this.#unexpected(sign ? 'in numeric literal' : 'looking for beginning of value')
    }
    const [number] = match
    const isChanged = integer.test(number)
      ? number.length >= 16 && losesPrecision(BigInt(number))
      : !Number.isFinite(Number(number))
    if (isChanged) {
      this.inexact ??= { path, text: number, offset: this.offset }
    }
    this.offset += number.length
    if (!/[.eE]/.test(this.#text[this.offset] ?? '')) return
    const exponent = this.#text[this.offset] !== '.'
    this.offset++
    if (exponent && /[+-]/.test(this.#text[this.offset] ?? '')) this.offset++
    throw this.#unexpected(
      exponent ? 'in exponent of numeric literal' : 'after decimal point in numeric literal',
    )
  }

  #accept(char: string): boolean {
    if (this.#text[this.offset] !== char) return false
    this.offset++
    return true
  }

  #unexpected(context: string): JsonScanError {
    const point = this.#text.codePointAt(this.offset)
    return point === undefined
      ? new JsonScanError('unexpected end of JSON input', this.offset)
      : new JsonScanError(
          `invalid character ${quoteChar(String.fromCodePoint(point))} ${context}`,
          this.offset,
        )
  }
}

/** A character as `encoding/json` quotes it. */
function quoteChar(char: string): string {
  if (char === "'") return `'\\''`
  if (char === '"') return `'"'`
  return `'${JSON.stringify(char).slice(1, -1)}'`
}
