/** The template language of `k8s.io/client-go/util/jsonpath`, parsed. */

import { UnicodePattern } from './unicode-pattern.ts'

/** A template that is not valid, or data that a template cannot be applied to. */
export class JsonPathError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'JsonPathError'
  }
}

export type JsonPathNode =
  | { type: 'text'; text: string }
  | { type: 'list'; nodes: JsonPathNode[] }
  | { type: 'field'; name: string }
  | { type: 'identifier'; name: string }
  | { type: 'array'; slice: ArraySlice }
  | { type: 'filter'; left: ListNode; operator: string; right: ListNode }
  | { type: 'literal'; value: number | boolean }
  | { type: 'wildcard' }
  | { type: 'recursive' }
  | { type: 'union'; lists: ListNode[] }

export type ListNode = Extract<JsonPathNode, { type: 'list' }>

/** `[start:end:step]`. For `[n]` the end is derived: one past the start, also where `n` counts from the end. */
export interface ArraySlice {
  start: number | undefined
  end: number | undefined
  endDerived: boolean
  step: number | undefined
}

/** Parses a template of text and `{…}` actions. Throws a {@link JsonPathError} with Kubernetes' message. */
export function parseTemplate(template: string): ListNode {
  return new TemplateParser(template).parse()
}

const beginsNumber = new UnicodePattern('^[+\\-\\p{Nd}]')
const beginsIdentifier = new UnicodePattern('^[_\\p{L}]')
const beginsField = new UnicodePattern('^[_\\p{L}\\p{Nd}]')
const quotedKey = /^'([^']*)'$/
const sliceOperator = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/
const comparison = /^([^!<>=]+)([!<>=]+)(.+?)$/
const terminators = new Set(['', ' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}'])

class TemplateParser {
  readonly #input: string
  readonly #root: ListNode = { type: 'list', nodes: [] }
  #offset = 0

  constructor(input: string) {
    this.#input = input
  }

  parse(): ListNode {
    while (this.#offset < this.#input.length) {
      const open = this.#input.indexOf('{', this.#offset)
      const text = this.#input.slice(this.#offset, open < 0 ? undefined : open)
      if (text !== '') this.#root.nodes.push({ type: 'text', text })
      if (open < 0) break
      this.#offset = open + 1
      const action: ListNode = { type: 'list', nodes: [] }
      this.#root.nodes.push(action)
      this.#parseAction(action.nodes)
    }
    return this.#root
  }

  #parseAction(nodes: JsonPathNode[]): void {
    for (;;) {
      if (this.#input.startsWith('[?(', this.#offset)) {
        this.#parseFilter(nodes)
        continue
      }
      if (this.#input.startsWith('..', this.#offset)) {
        this.#parseRecursive(nodes)
        continue
      }
      const char = this.#peek()
      if (char === '}') {
        this.#offset++
        return
      }
      if (char === '' || char === '\r' || char === '\n') throw new JsonPathError('unclosed action')
      this.#parseStep(nodes, char)
    }
  }

  #parseStep(nodes: JsonPathNode[], char: string): void {
    if (char === ' ' || char === '@' || char === '$') this.#offset += 1
    else if (char === '[') this.#parseArray(nodes)
    else if (char === '"' || char === "'") this.#parseQuoted(nodes, char)
    else if (char === '.') {
      this.#offset++
      this.#parseField(nodes)
    } else if (beginsNumber.test(char)) this.#parseNumber(nodes)
    else if (beginsIdentifier.test(char)) this.#parseIdentifier(nodes)
    else {
      const code = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      throw new JsonPathError(`unrecognized character in action: U+${code} '${char}'`)
    }
  }

  #peek(): string {
    const point = this.#input.codePointAt(this.#offset)
    return point === undefined ? '' : String.fromCodePoint(point)
  }

  #parseIdentifier(nodes: JsonPathNode[]): void {
    const start = this.#offset
    while (!terminators.has(this.#peek())) this.#offset++
    const name = this.#input.slice(start, this.#offset)
    if (name === 'true' || name === 'false') {
      nodes.push({ type: 'literal', value: name === 'true' })
    } else {
      nodes.push({ type: 'identifier', name })
    }
  }

  #parseRecursive(nodes: JsonPathNode[]): void {
    if (nodes.at(-1)?.type === 'recursive') throw new JsonPathError('invalid multiple recursive descent')
    this.#offset += 2
    nodes.push({ type: 'recursive' })
    if (beginsField.test(this.#peek())) this.#parseField(nodes)
  }

  #parseNumber(nodes: JsonPathNode[]): void {
    const text = /^[+-]?[.\d]*/.exec(this.#input.slice(this.#offset))![0]
    this.#offset += text.length
    const value = Number(text)
    if (!/\d/.test(text) || !Number.isFinite(value)) throw new JsonPathError(`cannot parse number ${text}`)
    nodes.push({ type: 'literal', value })
  }

  #parseArray(nodes: JsonPathNode[]): void {
    const end = this.#input.indexOf(']', this.#offset)
    const text = this.#input.slice(this.#offset + 1, end < 0 ? undefined : end)
    if (end < 0 || text.includes('\n')) throw new JsonPathError('unterminated array')
    this.#offset = end + 1
    const choices = text.split(',')
    if (choices.length > 1) {
      nodes.push({ type: 'union', lists: choices.map((choice) => parseAction(`[${choice.trim()}]`)) })
      return
    }
    const key = quotedKey.exec(text)
    if (key !== null) nodes.push(...parseAction(`.${key[1]}`).nodes)
    else nodes.push({ type: 'array', slice: parseSlice(text === '*' ? ':' : text) })
  }

  #parseFilter(nodes: JsonPathNode[]): void {
    const start = this.#offset + '[?('.length
    const end = this.#endOfFilter(start)
    if (this.#input[end + 1] !== ']') throw new JsonPathError('unclosed array expect ]')
    this.#offset = end + 2
    const text = this.#input.slice(start, end)
    const parts = comparison.exec(text)
    nodes.push(
      parts === null
        ? { type: 'filter', left: parseAction(text), operator: 'exists', right: { type: 'list', nodes: [] } }
        : {
            type: 'filter',
            left: parseAction(parts[1]!),
            operator: parts[2]!,
            right: parseAction(parts[3]!),
          },
    )
  }

  /** The offset of the parenthesis that closes a filter; one inside a quoted string does not. */
  #endOfFilter(start: number): number {
    let quoteMark = ''
    let closed = false
    for (let offset = start; offset < this.#input.length; offset++) {
      const char = this.#input[offset]!
      if (char === '\n') break
      if (char === '"' || char === "'") {
        if (quoteMark === '') quoteMark = char
        else if (char === quoteMark && this.#input[offset - 1] !== '\\') closed = true
      } else if (char === ')' && (quoteMark !== '') === closed) {
        return offset
      }
    }
    throw new JsonPathError('unterminated filter')
  }

  #parseQuoted(nodes: JsonPathNode[], mark: string): void {
    let end = this.#offset
    do {
      end++
      if (end >= this.#input.length || this.#input[end] === '\n') {
        throw new JsonPathError('unterminated quoted string')
      }
    } while (this.#input[end] !== mark || this.#input[end - 1] === '\\')
    const text = this.#input.slice(this.#offset + 1, end)
    this.#offset = end + 1
    nodes.push({ type: 'text', text: resolveEscapes(text, mark) })
  }

  #parseField(nodes: JsonPathNode[]): void {
    const start = this.#offset
    while (!terminators.has(this.#peek())) this.#offset += this.#peek() === '\\' ? 2 : this.#peek().length
    const name = this.#input.slice(start, this.#offset)
    this.#offset = Math.min(this.#offset, this.#input.length)
    nodes.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') })
  }
}

/** Parses what stands between the braces of an action. */
function parseAction(text: string): ListNode {
  return parseTemplate(`{${text}}`).nodes[0] as ListNode
}

function parseSlice(text: string): ArraySlice {
  const parts = sliceOperator.exec(text)
  if (parts === null) throw new JsonPathError(`invalid array index ${text}`)
  const start = parseIndex(parts[1] ?? '')
  const step = parseIndex((parts[3] ?? '').slice(1))
  if (parts[2] === undefined) return { start, end: (start ?? 0) + 1, endDerived: true, step }
  return { start, end: parseIndex(parts[2].slice(1)), endDerived: false, step }
}

function parseIndex(text: string): number | undefined {
  if (text === '') return undefined
  if (!/^-?\d+$/.test(text)) throw new JsonPathError(`array index ${text} is not a number`)
  return Number(text)
}

const escapePattern = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.?))/gsu
const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/** Resolves the escapes of a Go string literal in the given quotes. */
function resolveEscapes(text: string, mark: string): string {
  return text.replace(
    escapePattern,
    (_, x?: string, u?: string, long?: string, octal?: string, char = '') => {
      const hex = x ?? u ?? long
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      if (char === mark) return mark
      const simple = Object.hasOwn(simpleEscapes, char) ? simpleEscapes[char] : undefined
      if (simple === undefined)
        throw new JsonPathError(`unquote string ${mark}${text}${mark} error invalid syntax`)
      return simple
    },
  )
}
