/** From the nodes of a YAML document to JSON, with the rules of go-yaml v2 and sigs.k8s.io/yaml. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, Scalar, type YAMLMap } from 'yaml'
import { describeInexactNumber, formatGoFloat, formatGoNumber } from '../go-number.ts'
import { type JsonObject, maxJsonDepth, setField } from '../json-value.ts'
import { type ResolvedScalar, resolvePlainScalar, resolveTaggedScalar } from './resolve-scalar.ts'

export interface ComposedValue {
  value: unknown
  duplicateKeys: { path: string; key: string; offset: number }[]
}

/** Makes the error for a problem at an offset of the text. */
export type FailAt = (problem: string, offset: number) => Error

/** The JSON value of a document's root node. Throws what `fail` makes. */
export function composeValue(root: ParsedNode, fail: FailAt): ComposedValue {
  const composition = new Composition(root, fail)
  const value = composition.compose(root, '', 0)
  return { value, duplicateKeys: composition.duplicateKeys }
}

class Composition {
  readonly duplicateKeys: ComposedValue['duplicateKeys'] = []
  readonly #fail: FailAt
  readonly #targets = new Map<Alias, ParsedNode>()
  /** The aliases that are being expanded. */
  readonly #open = new Set<Alias>()
  #composed = 0
  #composedInAliases = 0

  constructor(root: ParsedNode, fail: FailAt) {
    this.#fail = fail
    this.#bindAliases(root, new Map())
  }

  /** An alias means the nearest anchor of its name before it in the text. */
  #bindAliases(node: ParsedNode | null, anchors: Map<string, ParsedNode>): void {
    if (node === null) return
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target === undefined) throw this.#fail(`unknown anchor '${node.source}' referenced`, node.range[0])
      this.#targets.set(node, target)
      return
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isSeq(node)) {
      for (const item of node.items) this.#bindAliases(item as ParsedNode, anchors)
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        this.#bindAliases(key as ParsedNode, anchors)
        this.#bindAliases(value as ParsedNode | null, anchors)
      }
    }
  }

  compose(node: ParsedNode | null, path: string, depth: number): unknown {
    if (node === null) return null
    this.#count(node, depth)
    if (isAlias(node)) return this.#expand(node, (target) => this.compose(target, path, depth + 1))
    if (isMap(node)) {
      const object: JsonObject = {}
      this.#composeInto(object, node, path, depth)
      return object
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => this.compose(item as ParsedNode, `${path}[${index}]`, depth + 1))
    }
    return this.#composeScalar(node, path)
  }

  /** Limits depth, and how much of the result may come from aliases, with go-yaml's figures. */
  #count(node: ParsedNode, depth: number): void {
    if (depth > maxJsonDepth) throw this.#fail(`exceeded max depth of ${maxJsonDepth}`, node.range[0])
    this.#composed++
    if (this.#open.size === 0) return
    this.#composedInAliases++
    if (this.#composedInAliases <= 100 || this.#composed <= 1000) return
    if (this.#composedInAliases / this.#composed > allowedAliasRatio(this.#composed)) {
      throw this.#fail('document contains excessive aliasing', node.range[0])
    }
  }

  #expand<T>(alias: Alias.Parsed, compose: (target: ParsedNode) => T): T {
    if (this.#open.has(alias))
      throw this.#fail(`anchor '${alias.source}' value contains itself`, alias.range[0])
    this.#open.add(alias)
    const result = compose(this.#targets.get(alias)!)
    this.#open.delete(alias)
    return result
  }

  #composeInto(object: JsonObject, map: YAMLMap.Parsed, path: string, depth: number): void {
    const own = new Set<string>()
    for (const { key: keyNode, value: valueNode } of map.items) {
      if (isMergeKey(keyNode)) {
        this.#merge(object, valueNode, keyNode.range[0], path, depth)
        continue
      }
      const key = this.#composeKey(keyNode, depth)
      const field = path === '' ? key : `${path}.${key}`
      if (own.has(key)) this.duplicateKeys.push({ path: field, key, offset: offsetOf(keyNode, map) })
      own.add(key)
      setField(object, key, this.compose(valueNode, field, depth + 1))
    }
  }

  /** Merges what `<<` names. Go-yaml applies it where it stands: keys before it lose, keys after it win. */
  #merge(object: JsonObject, node: ParsedNode | null, offset: number, path: string, depth: number): void {
    const wantMap = () => this.#fail('map merge requires map or sequence of maps as the value', offset)
    if (node === null) throw wantMap()
    this.#count(node, depth)
    if (isMap(node)) {
      this.#composeInto(object, node, path, depth + 1)
    } else if (isAlias(node)) {
      const target = this.#targets.get(node)!
      if (!isMap(target)) throw wantMap()
      this.#expand(node, () => this.#composeInto(object, target, path, depth + 1))
    } else if (isSeq(node)) {
      // Earlier entries take precedence over later ones.
      for (const item of [...node.items].reverse() as ParsedNode[]) {
        if (!isMap(item) && !isAlias(item)) throw wantMap()
        this.#merge(object, item, offset, path, depth + 1)
      }
    } else {
      throw wantMap()
    }
  }

  #composeKey(node: ParsedNode, depth: number): string {
    const float = isScalar(node) ? floatOf(node) : undefined
    if (float !== undefined) return formatFloatKey(float)
    const key = node === null ? null : this.compose(node, '', depth + 1)
    if (typeof key === 'string') return key
    if (typeof key === 'boolean') return String(key)
    if (typeof key === 'number') return formatGoNumber(key)
    const type = key === null ? 'null' : Array.isArray(key) ? 'sequence' : 'map'
    throw this.#fail(`unsupported map key of type: ${type}`, node?.range[0] ?? 0)
  }

  #composeScalar(node: Scalar.Parsed, path: string): unknown {
    const text = typeof node.source === 'string' ? node.source : String(node.value ?? '')
    const plain = node.type === Scalar.PLAIN || node.type === undefined
    const { tag } = node
    if (tag === undefined || tag === '!') {
      if (!plain || tag === '!') return text
      return this.#requireKept(resolvePlainScalar(text), text, path, node)
    }
    const resolved = resolveTaggedScalar(tag, text)
    if ('problem' in resolved) throw this.#fail(resolved.problem, node.range[0])
    return this.#requireKept(resolved, text, path, node)
  }

  /** Numbers that JSON cannot write, or JavaScript cannot hold, are refused. */
  #requireKept(
    { value, inexact }: Pick<ResolvedScalar, 'value' | 'inexact'>,
    text: string,
    path: string,
    node: Scalar.Parsed,
  ): unknown {
    if (inexact === true) throw this.#fail(describeInexactNumber(text, path), node.range[0])
    if (typeof value !== 'number' || Number.isFinite(value)) return value
    throw this.#fail(`json: unsupported value: ${formatGoFloat(value)}`, node.range[0])
  }
}

/** The number of a plain scalar that is a float to YAML, also where it has no fraction. */
function floatOf(node: Scalar.Parsed): number | undefined {
  if (node.type !== Scalar.PLAIN || node.tag !== undefined || typeof node.source !== 'string')
    return undefined
  const { tag, value } = resolvePlainScalar(node.source)
  return tag === '!!float' && typeof value === 'number' ? value : undefined
}

function formatFloatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  return formatGoFloat(value, 32)
}

function isMergeKey(node: ParsedNode): node is Scalar.Parsed {
  if (!isScalar(node) || node.source !== '<<') return false
  return node.tag === undefined ? node.type === Scalar.PLAIN : node.tag === 'tag:yaml.org,2002:merge'
}

function offsetOf(node: ParsedNode | null, parent: ParsedNode): number {
  return (node ?? parent)!.range[0]
}

const lowCount = 400_000
const highCount = 4_000_000

/** 99% of a small document may come from aliases, 10% of one of four million values. */
function allowedAliasRatio(count: number): number {
  if (count <= lowCount) return 0.99
  if (count >= highCount) return 0.1
  return 0.99 - 0.89 * ((count - lowCount) / (highCount - lowCount))
}
