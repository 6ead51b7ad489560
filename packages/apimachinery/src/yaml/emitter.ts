/**
 * The output of go-yaml v2's emitter (libyaml): two spaces of indentation, sequences not indented below their
 * key, lines wrapped at spaces after column 80.
 */
import { isMultiline, scalarStyle } from './scalar-style.ts'

const indentStep = 2
const bestWidth = 80
const maxSimpleKeyBytes = 128

export class YamlEmitter {
  #output: string[] = []
  #column = 0
  /** The indentation of the collection that is being written; -1 at the root. */
  #indent = -1
  /** The last character written is white space. */
  #whitespace = true
  /** Nothing but indentation and indicators is on the line. */
  #indention = true

  /** Writes the last line break and returns the document. */
  finish(): string {
    this.#indent = -1
    this.#writeIndent()
    return this.#output.join('')
  }

  /** `indentless` for the value of a key in block style, where the dash stands below the key. */
  startSequence(mappingValue: boolean): number {
    const outer = this.#indent
    const indentless = mappingValue && !this.#indention
    this.#indent = outer < 0 ? 0 : indentless ? outer : outer + indentStep
    return outer
  }

  startMapping(): number {
    const outer = this.#indent
    this.#indent = outer < 0 ? 0 : outer + indentStep
    return outer
  }

  /** Ends a collection; takes what its start returned. */
  end(outer: number): void {
    this.#indent = outer
  }

  startItem(): void {
    this.#writeIndent()
    this.#writeIndicator('-', true, true)
  }

  /** Writes a key with its colon. */
  writeKey(key: string): void {
    this.#writeIndent()
    if (!isMultiline(key) && Buffer.byteLength(key) <= maxSimpleKeyBytes) {
      this.#writeString(key, true)
      this.#writeIndicator(':', false, false)
      return
    }
    this.#writeIndicator('?', true, true)
    this.#writeString(key, false)
    this.#writeIndent()
    this.#writeIndicator(':', true, true)
  }

  writeString(text: string): void {
    this.#writeString(text, false)
  }

  /** Writes text that is plain and cannot be wrapped: null, a boolean, a number, `{}` or `[]`. */
  writeToken(text: string): void {
    this.#writeIndicator(text, true, false)
  }

  #writeString(text: string, simpleKey: boolean): void {
    const outer = this.#indent
    this.#indent = outer < 0 ? indentStep : outer + indentStep
    const style = scalarStyle(text, simpleKey)
    if (style === 'literal') this.#writeLiteral(text)
    else if (style === 'plain') this.#writePlain(text, simpleKey)
    else if (style === 'single') this.#writeSingleQuoted(text, simpleKey)
    else this.#writeDoubleQuoted(text, simpleKey)
    this.#indent = outer
  }

  #writePlain(text: string, simpleKey: boolean): void {
    // An empty plain scalar is never written: it would read as null.
    if (!this.#whitespace) this.#put(' ')
    this.#writeWrapped(text, !simpleKey, 0, text.length)
    this.#whitespace = false
    this.#indention = false
  }

  #writeSingleQuoted(text: string, simpleKey: boolean): void {
    this.#writeIndicator("'", true, false)
    const escaped = text.replaceAll("'", "''")
    this.#writeWrapped(escaped, !simpleKey, 1, escaped.length - 1)
    this.#writeIndicator("'", false, false)
  }

  /** Wraps at single spaces between `from` and `to` once the line is full. */
  #writeWrapped(text: string, wrap: boolean, from: number, to: number): void {
    if (!wrap || this.#column + text.length <= bestWidth) {
      this.#put(text)
      return
    }
    let start = 0
    for (let space = text.indexOf(' '); space >= 0; space = text.indexOf(' ', space + 1)) {
      this.#put(text.slice(start, space))
      start = space
      const alone = text[space - 1] !== ' ' && text[space + 1] !== ' '
      if (!alone || space < from || space >= to || this.#column <= bestWidth) continue
      this.#writeIndent()
      start = space + 1
    }
    this.#put(text.slice(start))
  }

  #writeDoubleQuoted(text: string, simpleKey: boolean): void {
    this.#writeIndicator('"', true, false)
    let afterSpace = false
    const characters = [...text]
    for (const [index, character] of characters.entries()) {
      const inside = index > 0 && index < characters.length - 1
      if (character !== ' ') {
        this.#put(escapeCharacter(character))
        afterSpace = false
        continue
      }
      if (!simpleKey && !afterSpace && inside && this.#column > bestWidth) {
        this.#writeIndent()
        if (characters[index + 1] === ' ') this.#put('\\')
      } else {
        this.#put(' ')
      }
      afterSpace = true
    }
    this.#writeIndicator('"', false, false)
  }

  #writeLiteral(text: string): void {
    const hint = /^[ \n]/.test(text) ? String(indentStep) : ''
    this.#writeIndicator(`|${hint}${chomping(text)}`, true, false)
    this.#putBreak()
    this.#indention = true
    this.#whitespace = true
    const lines = text.split('\n')
    for (const [index, line] of lines.entries()) {
      if (line !== '') {
        this.#writeIndent()
        this.#put(line)
        this.#indention = false
      }
      if (index === lines.length - 1) break
      this.#putBreak()
      this.#indention = true
    }
  }

  #writeIndicator(indicator: string, needWhitespace: boolean, indention: boolean): void {
    if (needWhitespace && !this.#whitespace) this.#put(' ')
    this.#put(indicator)
    this.#whitespace = false
    this.#indention = this.#indention && indention
  }

  #writeIndent(): void {
    const indent = Math.max(this.#indent, 0)
    const startsLine =
      this.#indention && (this.#column < indent || (this.#column === indent && this.#whitespace))
    if (!startsLine) this.#putBreak()
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column))
    this.#whitespace = true
    this.#indention = true
  }

  #put(text: string): void {
    this.#output.push(text)
    this.#column += text.length
  }

  #putBreak(): void {
    this.#output.push('\n')
    this.#column = 0
  }
}

/** `-` where the text ends without a line feed, `+` where it ends with more than one. */
function chomping(text: string): string {
  if (!text.endsWith('\n')) return '-'
  return text === '\n' || text.endsWith('\n\n') ? '+' : ''
}

const escapes: Readonly<Record<string, string>> = {
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

const printable = /^[\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/

function escapeCharacter(character: string): string {
  const escaped = escapes[character]
  if (escaped !== undefined) return escaped
  if (printable.test(character)) return character
  const code = character.codePointAt(0)!
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
