/** A place in a source text that is wrong: `offset` in UTF-16 units from its start. */
export interface CelIssue {
  readonly offset: number
  readonly message: string
}

/** An expression that cannot be compiled. The message is what cel-go prints, with the lines and what they point at. */
export class CelCompileError extends Error {
  readonly issues: readonly CelIssue[]

  constructor(source: string, issues: readonly CelIssue[]) {
    super(formatIssues(source, issues))
    this.name = 'CelCompileError'
    this.issues = issues
  }
}

const MOST_ISSUES = 100
const LONGEST_SNIPPET = 16_384

function formatIssues(source: string, issues: readonly CelIssue[]): string {
  const sorted = issues.slice(0, MOST_ISSUES).sort((a, b) => a.offset - b.offset)
  const texts = sorted.map((issue) => formatIssue(source, issue))
  if (issues.length > MOST_ISSUES) texts.push(`${issues.length - MOST_ISSUES} more errors were truncated`)
  return texts.join('\n')
}

/** `Error.ToDisplayString` of cel-go; an offset below zero is a place outside of the source. */
function formatIssue(source: string, { offset, message }: CelIssue): string {
  if (offset < 0) return `ERROR: <input>:-1:0: ${message}`
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1
  const lineEnd = source.indexOf('\n', lineStart)
  const line = source.slice(lineStart, lineEnd < 0 ? source.length : lineEnd).replaceAll('\t', ' ')
  const lineNumber = source.slice(0, lineStart).split('\n').length
  const before = [...source.slice(lineStart, offset)]
  const text = `ERROR: <input>:${lineNumber}:${before.length + 1}: ${message}`
  if (line.length > LONGEST_SNIPPET) return text
  const dots = before.map((character) => (isWide(character) ? '．' : '.')).join('')
  const pointed = String.fromCodePoint(source.codePointAt(offset) ?? 0)
  return `${text}\n | ${line}\n | ${dots}${isWide(pointed) ? '＾' : '^'}`
}

const isWide = (character: string) => character.charCodeAt(0) > 0x7f
