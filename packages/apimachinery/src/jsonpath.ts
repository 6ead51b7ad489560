/** JSONPath templates, as `k8s.io/client-go/util/jsonpath`. */
import { formatGoNumber } from './go-number.ts'
import { canonicalJson, encodeJson } from './json-codec.ts'
import { isJsonObject, type JsonObject } from './json-value.ts'
import { JsonPathError, type JsonPathNode, type ListNode, parseTemplate } from './jsonpath-parser.ts'

export interface JsonPathOptions {
  /** Give no result for an absent field. Otherwise it is an error. */
  allowMissingKeys?: boolean
}

export interface JsonPath {
  /**
   * The results of each text and action of the template, in order. Throws a {@link JsonPathError} for data that
   * the template does not fit, with Kubernetes' message.
   */
  findResults(data: unknown): unknown[][]
  /**
   * The template filled in: strings as they are, objects and arrays as compact JSON, several results of one
   * action with a space between them.
   */
  print(data: unknown): string
  /** The results of each action as an indented JSON array, as `kubectl -o jsonpath-as-json`. */
  printJson(data: unknown): string
}

/**
 * Parses a template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`. Throws a {@link JsonPathError}.
 *
 * @example parseJsonPath('{.metadata.name}').print(pod)
 */
export function parseJsonPath(
  template: string,
  { allowMissingKeys = false }: JsonPathOptions = {},
): JsonPath {
  const chain = fieldChain.exec(template)?.[1]
  if (chain !== undefined) {
    const names = chain.split('.')
    return pathOf((data) => [followFields(data, names, allowMissingKeys)])
  }
  const root = parseTemplate(template)
  return pathOf((data) => new Evaluation(root.nodes, allowMissingKeys).run(0, data))
}

/** A single action of plain field names, the form of nearly all printer columns. */
const fieldChain = /^\{\$?\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)\}$/

function followFields(data: unknown, names: readonly string[], allowMissingKeys: boolean): unknown[] {
  let value = data
  for (const name of names) {
    if (isJsonObject(value) && Object.hasOwn(value, name) && value[name] !== undefined) {
      value = value[name]
    } else if (allowMissingKeys) {
      return []
    } else {
      throw new JsonPathError(`${name} is not found`)
    }
  }
  return [value]
}

function pathOf(findResults: (data: unknown) => unknown[][]): JsonPath {
  return {
    findResults,
    print: (data) =>
      findResults(data)
        .map((results) => results.map(formatResult).join(' '))
        .join(''),
    printJson: (data) =>
      findResults(data)
        .map((results) => encodeJson(results))
        .join(''),
  }
}

function formatResult(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null) return canonicalJson(value)
  return typeof value === 'number' ? formatGoNumber(value) : String(value)
}

/** One run of a template. `range` and `end` steer it, so that it keeps what client-go keeps in its JSONPath. */
class Evaluation {
  readonly #nodes: readonly JsonPathNode[]
  readonly #allowMissingKeys: boolean
  #beginRange = 0
  #inRange = 0
  #endRange = 0
  #lastEnd = -1

  constructor(nodes: readonly JsonPathNode[], allowMissingKeys: boolean) {
    this.#nodes = nodes
    this.#allowMissingKeys = allowMissingKeys
  }

  /** The results from the node at `start` to the end of the template or of the innermost range. */
  run(start: number, data: unknown): unknown[][] {
    const all: unknown[][] = []
    for (let index = start; index < this.#nodes.length; index++) {
      const results = this.#walk([data], this.#nodes[index]!)
      if (this.#endRange > 0 && this.#endRange <= this.#inRange) {
        this.#endRange--
        this.#lastEnd = index
        break
      }
      if (this.#beginRange === 0) {
        all.push(results)
        continue
      }
      this.#beginRange--
      this.#inRange++
      for (const value of results) all.push(...this.run(index + 1, value))
      // A range over nothing still has to find its end.
      if (results.length === 0) this.run(index + 1, undefined)
      this.#inRange--
      if (this.#lastEnd > index) index = this.#lastEnd
    }
    return all
  }

  #walk(values: unknown[], node: JsonPathNode): unknown[] {
    switch (node.type) {
      case 'text':
        return [node.text]
      case 'literal':
        return values.map(() => node.value)
      case 'list':
        return this.#walkList(values, node)
      case 'union':
        return node.lists.flatMap((list) => this.#walkList(values, list))
      case 'identifier':
        return this.#evaluateIdentifier(values, node.name)
      case 'field':
        return this.#evaluateField(values, node.name)
      case 'array':
        return values.flatMap((value) => sliceArray(value, node.slice))
      case 'filter':
        return values.flatMap((value) => this.#filter(value, node))
      case 'wildcard':
        return values.flatMap(childrenOf)
      case 'recursive':
        return values.flatMap(descend)
    }
  }

  #walkList(values: unknown[], list: ListNode): unknown[] {
    return list.nodes.reduce((current, node) => this.#walk(current, node), values)
  }

  #evaluateIdentifier(values: unknown[], name: string): unknown[] {
    if (name === 'range') {
      this.#beginRange++
      return values
    }
    if (name !== 'end') throw new JsonPathError(`unrecognized identifier ${name}`)
    if (this.#inRange === 0) throw new JsonPathError('not in range, nothing to end')
    this.#endRange++
    return []
  }

  #evaluateField(values: unknown[], name: string): unknown[] {
    const results: unknown[] = []
    for (const value of values) {
      if (isJsonObject(value) && Object.hasOwn(value, name) && value[name] !== undefined)
        results.push(value[name])
    }
    const missing = results.length === 0 && values.length > 0
    if (missing && !this.#allowMissingKeys) throw new JsonPathError(`${name} is not found`)
    return results
  }

  #filter(value: unknown, node: Extract<JsonPathNode, { type: 'filter' }>): unknown[] {
    if (!Array.isArray(value)) {
      throw new JsonPathError(`${formatGoValue(value)} is not array or slice and cannot be filtered`)
    }
    return value.filter((item) =>
      node.operator === 'exists' ? this.#exists(item, node.left) : this.#compare(item, node),
    )
  }

  #exists(item: unknown, list: ListNode): boolean {
    try {
      return this.#walkList([item], list).length > 0
    } catch (error) {
      if (error instanceof JsonPathError) return false
      throw error
    }
  }

  #compare(item: unknown, node: Extract<JsonPathNode, { type: 'filter' }>): boolean {
    const left = this.#walkList([item], node.left)
    if (left.length === 0) return false
    if (left.length > 1) throw new JsonPathError('can only compare one element at a time')
    const right = this.#walkList([item], node.right)
    if (right.length === 0) return false
    if (right.length > 1) throw new JsonPathError('can only compare one element at a time')
    return compareValues(left[0], node.operator, right[0])
  }
}

function sliceArray(value: unknown, slice: Extract<JsonPathNode, { type: 'array' }>['slice']): unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new JsonPathError(`${goTypeOf(value)} is not array or slice`)
  const { length } = value
  let start = slice.start ?? 0
  if (start < 0) start += length
  let end = slice.end ?? length
  if (end < 0 || (end === 0 && slice.endDerived)) end += length
  if (start === end) return []
  if (start >= length || start < 0) {
    throw new JsonPathError(`array index out of bounds: index ${start}, length ${length}`)
  }
  if (end > length || end < 0) {
    throw new JsonPathError(`array index out of bounds: index ${end - 1}, length ${length}`)
  }
  if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`)
  const step = slice.step ?? 1
  if (step <= 0) throw new JsonPathError('step must be > 0')
  return value.slice(start, end).filter((_, index) => index % step === 0)
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return [...new TextEncoder().encode(value)]
  return isJsonObject(value) ? Object.values(value) : []
}

/** The value and everything below it that has something below it; that includes strings, which have bytes. */
function descend(value: unknown): unknown[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  const children = childrenOf(value)
  return children.length === 0 ? [] : [value, ...children.flatMap(descend)]
}

type Basic = { kind: 'bool' | 'number' | 'string'; value: string | number | boolean }

function basicOf(value: unknown): Basic {
  if (typeof value === 'string') return { kind: 'string', value }
  if (typeof value === 'boolean') return { kind: 'bool', value }
  if (typeof value === 'number') return { kind: 'number', value }
  throw new JsonPathError('invalid type for comparison')
}

/**
 * Compares as Go's text/template does: only values of the same kind, and booleans only for equality. Integers
 * and floats are one kind here, since JSON's `1.0` and `1` are one number in JavaScript.
 */
function compareValues(leftValue: unknown, operator: string, rightValue: unknown): boolean {
  const left = basicOf(leftValue)
  const right = basicOf(rightValue)
  if (left.kind !== right.kind) throw new JsonPathError('incompatible types for comparison')
  if (operator === '==') return left.value === right.value
  if (operator === '!=') return left.value !== right.value
  if (!['<', '<=', '>', '>='].includes(operator)) {
    throw new JsonPathError(`unrecognized filter operator ${operator}`)
  }
  if (left.kind === 'bool') throw new JsonPathError('invalid type for comparison')
  if (operator === '<') return left.value < right.value
  if (operator === '<=') return left.value <= right.value
  return operator === '>' ? left.value > right.value : left.value >= right.value
}

function goTypeOf(value: unknown): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return 'map[string]interface {}'
}

/** A value as Go's `%v` prints it. */
function formatGoValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(' ')}]`
  if (!isJsonObject(value)) return formatResult(value)
  const object: JsonObject = value
  const fields = Object.keys(object).sort()
  return `map[${fields.map((key) => `${key}:${formatGoValue(object[key])}`).join(' ')}]`
}

export { JsonPathError }
