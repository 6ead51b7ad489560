/** Reading and writing JSON as Kubernetes does. */
import { describeInexactNumber } from './go-number.ts'
import {
  exceedsMaxDepth,
  findDuplicateFields,
  findInexactNumber,
  findJsonError,
  positionAt,
} from './json-scanner.ts'
import { type JsonObject, maxJsonDepth } from './json-value.ts'
import { quote } from './quote.ts'
import { DocumentSyntaxError, type SyntaxErrorPosition } from './syntax-error.ts'

export interface DecodeJsonOptions {
  /** The name of the file for error messages. */
  file?: string
  /** Refuse an object that has a key twice. Otherwise the last one counts. */
  strict?: boolean
}

/** Text that is not JSON, or in strict mode has a key twice. */
export class JsonSyntaxError extends DocumentSyntaxError {
  constructor(problem: string, position: SyntaxErrorPosition) {
    super(problem, position)
    this.name = 'JsonSyntaxError'
  }
}

/**
 * Parses one JSON value. A key `__proto__` is kept as an ordinary own property.
 *
 * Throws a {@link JsonSyntaxError} with the message of Go's `encoding/json` and the position; in strict mode
 * also for duplicate fields, with the text of Kubernetes' strict decoder: `strict decoding error: duplicate
 * field "spec.a"`.
 */
export function decodeJson(text: string, { file, strict = false }: DecodeJsonOptions = {}): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw describeFailure(text, file, error)
  }
  if (exceedsMaxDepth(text)) {
    throw new JsonSyntaxError(`json: exceeded max depth of ${maxJsonDepth}`, { file, line: 1, column: 1 })
  }
  const inexact = findInexactNumber(text)
  if (inexact !== undefined) {
    const { line, column } = inexact
    const problem = describeInexactNumber(inexact.text, inexact.path)
    throw new JsonSyntaxError(`json: line ${line}: ${problem} (column ${column})`, { file, line, column })
  }
  const duplicates = strict ? findDuplicateFields(text) : []
  if (duplicates[0] !== undefined) {
    const list = duplicates.map(({ path }) => `duplicate field ${quote(path)}`)
    throw new JsonSyntaxError(`strict decoding error: ${list.join(', ')}`, { file, ...duplicates[0] })
  }
  return value
}

function describeFailure(text: string, file: string | undefined, error: unknown): JsonSyntaxError {
  const found = findJsonError(text)
  const position = positionAt(text, found?.offset ?? 0)
  const problem = found?.message ?? (error instanceof Error ? error.message : String(error))
  return new JsonSyntaxError(`json: line ${position.line}: ${problem} (column ${position.column})`, {
    file,
    ...position,
  })
}

/**
 * A value as `kubectl -o json` prints it: keys sorted, four spaces, `<`, `>` and `&` escaped, a line feed at
 * the end. Fields that are undefined are left out.
 */
export function encodeJson(value: unknown, { indent = 4 }: { indent?: number } = {}): string {
  return `${writeJson(value, ' '.repeat(indent), '\n')}\n`
}

/**
 * A value as Go's `json.Marshal` writes it: keys sorted, no white space, `<`, `>`, `&`, U+2028 and U+2029
 * escaped. `kubectl.kubernetes.io/last-applied-configuration` is this plus a line feed.
 */
export function canonicalJson(value: unknown): string {
  return writeJson(value, '', '')
}

const longInteger = /\d{16}/

/**
 * A value as `JSON.stringify` writes it with an indent of so many spaces, for readers in Go: integers that they take for an
 * int64 have all of their digits, where the shortest ones that JavaScript reads back would be another integer.
 */
export function exactJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, undefined, indent)
  // Hardly any text has as many digits in a row.
  if (!longInteger.test(text)) return text
  return indent === 0 ? canonicalJson(value) : encodeJson(value, { indent }).trimEnd()
}

function writeJson(value: unknown, indent: string, newline: string): string {
  if (typeof value === 'string') return quoteJson(value)
  if (typeof value !== 'object' || value === null) return writePrimitive(value)
  const inner = newline + indent
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const items = value.map((item) => writeJson(item, indent, inner))
    return `[${inner}${items.join(`,${inner}`)}${newline}]`
  }
  const object = value as JsonObject
  const colon = indent === '' ? ':' : ': '
  const fields: string[] = []
  for (const key of sortKeys(Object.keys(object))) {
    if (object[key] === undefined) continue
    fields.push(`${quoteJson(key)}${colon}${writeJson(object[key], indent, inner)}`)
  }
  return fields.length === 0 ? '{}' : `{${inner}${fields.join(`,${inner}`)}${newline}}`
}

function writePrimitive(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`json: unsupported value: ${value}`)
  }
  // Digits that are read back as the same number, which the shortest ones need not be where Go reads an int64.
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value as number) < 2 ** 63) {
    return BigInt(value as number).toString()
  }
  // An array may hold undefined, which JSON writes as null.
  return JSON.stringify(value ?? null)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON must escape
const needsEscape = /[\u0000-\u001f"\\<>&\u2028\u2029\ud800-\udfff]/
const htmlCharacters = /[<>&\u2028\u2029]/g

function quoteJson(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`
  return JSON.stringify(text).replace(
    htmlCharacters,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const surrogate = /[\ud800-\udfff]/

/** Sorts as Go does, by UTF-8 bytes, which is the order of code points and not of UTF-16 units. */
function sortKeys(keys: string[]): string[] {
  if (!keys.some((key) => surrogate.test(key))) return keys.sort()
  return keys.sort(compareCodePoints)
}

function compareCodePoints(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
