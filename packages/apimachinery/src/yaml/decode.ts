import { Composer, LineCounter, type YAMLError } from 'yaml'
import { describeInexactNumber } from '../go-number.ts'
import { decodeJson, JsonSyntaxError } from '../json-codec.ts'
import {
  findDuplicateFields,
  findInexactNumber,
  JsonScanError,
  positionAt,
  splitJsonStream,
} from '../json-scanner.ts'
import { maxJsonDepth } from '../json-value.ts'
import { quote } from '../quote.ts'
import type { SyntaxErrorPosition } from '../syntax-error.ts'
import { composeValue } from './compose-value.ts'
import { type StreamChunk, splitStream } from './split-stream.ts'
import { tokensOf } from './tokens.ts'
import { YamlSyntaxError } from './yaml-syntax-error.ts'

export interface DecodeYamlOptions {
  /** The name of the file for error messages. */
  file?: string
  /** Refuse an object that has a key twice. Otherwise the last one counts. */
  strict?: boolean
}

/** A key that its mapping already has. */
export interface DuplicateKey {
  /** The path from the root of the document, such as `spec.items[0].name`. */
  readonly path: string
  /** The last part of the path. */
  readonly key: string
  readonly line: number
  readonly column: number
}

export interface DecodedDocument {
  /** The document as JSON. */
  readonly value: unknown
  /** The line of the stream, from 1, at which the document's content starts. */
  readonly line: number
  readonly duplicateKeys: readonly DuplicateKey[]
}

/**
 * Decodes a stream of YAML documents separated by `---`, or of JSON documents. Scalars mean what they mean to
 * kubectl, which reads YAML 1.1 through sigs.k8s.io/yaml: `yes` is true, `0777` is 511, a date is a string.
 * Documents that are empty or null are left out.
 *
 * Throws a {@link YamlSyntaxError}, or a JsonSyntaxError for a document that starts like JSON and is neither.
 * In strict mode a duplicate key is such an error. Mappings nested too deep, and aliases that expand to
 * a multiple of the document, are refused.
 */
export function decodeYaml(
  text: string,
  { file, strict = false }: DecodeYamlOptions = {},
): DecodedDocument[] {
  // What is no YAML at all, further down, is the better complaint.
  const documents = [...decodeYamlDocuments(text, file === undefined ? {} : { file })]
  if (strict) for (const document of documents) refuseDuplicateKeys(document, file)
  return documents
}

/** As {@link decodeYaml}, one document after the other, so that not all of a long stream is held at once. */
export function* decodeYamlDocuments(
  text: string,
  { file, strict = false }: DecodeYamlOptions = {},
): Generator<DecodedDocument, void, undefined> {
  const { chunks, badSeparator } = splitStream(text.startsWith('\ufeff') ? text.slice(1) : text)
  for (const chunk of chunks) {
    for (const document of decodeChunk(chunk, file)) {
      if (strict) refuseDuplicateKeys(document, file)
      yield document
    }
  }
  if (badSeparator !== undefined) {
    const { content, line } = badSeparator
    throw new YamlSyntaxError(`invalid Yaml document separator: ${content}`, { file, line, column: 4 })
  }
}

function refuseDuplicateKeys({ duplicateKeys }: DecodedDocument, file: string | undefined): void {
  const [first] = duplicateKeys
  if (first === undefined) return
  const list = duplicateKeys.map(({ key, line }) => `\n  line ${line}: key ${quote(key)} already set in map`)
  throw new YamlSyntaxError(`error converting YAML to JSON: yaml: unmarshal errors:${list.join('')}`, {
    file,
    ...first,
  })
}

function decodeChunk(chunk: StreamChunk, file: string | undefined): DecodedDocument[] {
  if (!chunk.text.trimStart().startsWith('{')) return decodeYamlChunk(chunk, file)
  const documents = decodeJsonChunk(chunk, file)
  if (documents !== undefined) return documents
  try {
    return decodeYamlChunk(chunk, file)
  } catch (error) {
    // What starts like JSON was meant as JSON, and its parser's complaint is the better one.
    if (error instanceof YamlSyntaxError && /^\s*\{\s*["}]/.test(chunk.text))
      throw jsonError(chunk, file, error)
    throw error
  }
}

/** The JSON documents of a chunk, undefined when it is not JSON. */
function decodeJsonChunk(
  { text, line }: StreamChunk,
  file: string | undefined,
): DecodedDocument[] | undefined {
  try {
    return splitJsonStream(text).map(({ start, end }) => {
      const source = text.slice(start, end)
      const offset = positionAt(text, start)
      refuseInexactNumber(source, offset.line + line - 2, file)
      const duplicateKeys = findDuplicateFields(source).map((duplicate) => ({
        path: duplicate.path,
        key: duplicate.key,
        line: duplicate.line + offset.line + line - 2,
        column: duplicate.line === 1 ? duplicate.column + offset.column - 1 : duplicate.column,
      }))
      return { value: JSON.parse(source) as unknown, line: offset.line + line - 1, duplicateKeys }
    })
  } catch (error) {
    if (error instanceof JsonScanError) return undefined
    throw error
  }
}

/** `before` is how many lines of the stream come before the source. */
function refuseInexactNumber(source: string, before: number, file: string | undefined): void {
  const inexact = findInexactNumber(source)
  if (inexact === undefined) return
  const position = { line: inexact.line + before, column: inexact.column }
  const problem = describeInexactNumber(inexact.text, inexact.path)
  throw new JsonSyntaxError(`json: line ${position.line}: ${problem} (column ${position.column})`, {
    file,
    ...position,
  })
}

/** The error of the JSON decoder, placed in the stream; the YAML one where JSON finds nothing wrong. */
function jsonError({ text, line }: StreamChunk, file: string | undefined, yamlError: YamlSyntaxError): Error {
  try {
    decodeJson('\n'.repeat(line - 1) + text, file === undefined ? {} : { file })
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error
    throw error
  }
  return yamlError
}

function decodeYamlChunk({ text, line }: StreamChunk, file: string | undefined): DecodedDocument[] {
  const lineCounter = new LineCounter()
  const positionOf = (offset: number) => {
    const { line: inChunk, col } = lineCounter.linePos(offset)
    return { file, line: inChunk + line - 1, column: col }
  }
  const documents: DecodedDocument[] = []
  const composer = new Composer({ ...parseOptions, lineCounter })
  const tokens = tokensOf(text, lineCounter, (offset) => {
    throw conversionError(tooDeep, positionOf(offset))
  })
  const parsed = [...composer.compose(tokens)]
  // A chunk without a document still has what is wrong with it.
  for (const { errors, warnings } of parsed.length === 0 ? [composer.streamInfo()] : parsed) {
    // A directive that the parser does not know is only a warning to it.
    const [error] = [...errors, ...warnings.filter(({ code }) => code === 'BAD_DIRECTIVE')]
    if (error !== undefined) throw syntaxError(error, positionOf(error.pos[0]))
  }
  for (const document of parsed) {
    const { contents } = document
    if (contents === null) continue
    const { value, duplicateKeys } = composeValue(contents, (problem, offset) =>
      conversionError(problem, positionOf(offset)),
    )
    if (value === null) continue
    documents.push({
      value,
      line: positionOf(contents.range[0]).line,
      duplicateKeys: duplicateKeys.map(({ path, key, offset }) => {
        const { line: keyLine, column } = positionOf(offset)
        return { path, key, line: keyLine, column }
      }),
    })
  }
  return documents
}

/** Only the structure comes from the parser; scalars are resolved, keys compared and merged here. */
const parseOptions = {
  version: '1.1',
  schema: 'failsafe',
  resolveKnownTags: false,
  merge: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const

const tooDeep = `exceeded max depth of ${maxJsonDepth}`

const problems: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/^Missing closing .quote/, 'found unexpected end of stream'],
  [/end with a \]$/, "did not find expected ',' or ']'"],
  [/end with a \}$/, "did not find expected ',' or '}'"],
  [/^Implicit map keys need to be followed/, "could not find expected ':'"],
  [/^All mapping items must start|at node end$/, 'did not find expected key'],
  [/^All sequence items must start/, "did not find expected '-' indicator"],
  [/^Unexpected block-seq-ind/, 'block sequence entries are not allowed in this context'],
]

/** The words of go-yaml's parser for what the parser found, where it has words for it. */
function problemOf({ code, message }: YAMLError): string {
  switch (code) {
    case 'RESOURCE_EXHAUSTION':
      return tooDeep
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'mapping values are not allowed in this context'
    case 'MULTILINE_IMPLICIT_KEY':
    case 'KEY_OVER_1024_CHARS':
      return "could not find expected ':'"
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
      return 'found character that cannot start any token'
    case 'BAD_DQ_ESCAPE':
      return 'found unknown escape character'
    case 'BAD_DIRECTIVE':
      return 'found unknown directive name'
    default:
      return problems.find(([pattern]) => pattern.test(message))?.[1] ?? message
  }
}

function syntaxError(error: YAMLError, position: SyntaxErrorPosition): YamlSyntaxError {
  return conversionError(problemOf(error), position)
}

function conversionError(problem: string, position: SyntaxErrorPosition): YamlSyntaxError {
  const { line, column } = position
  const message = `error converting YAML to JSON: yaml: line ${line}: ${problem} (column ${column})`
  return new YamlSyntaxError(message, position)
}
