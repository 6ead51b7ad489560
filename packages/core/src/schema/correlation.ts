import { canonicalJson, equalJson, isJsonObject, type JsonObject } from '@k1s/apimachinery'
import type { SchemaNode } from './schema-node.ts'

/**
 * A value of an object and what it replaces in the stored one: fields by their names, items of map lists by their
 * keys. Items of other lists have no counterpart. Errors in values that an update leaves as they are do not
 * stand against it ("ratcheting").
 *
 * Follows `CorrelatedObject` of `k8s.io/apiserver/pkg/cel/common`.
 */
export class Correlation {
  readonly #value: unknown
  readonly #old: unknown
  readonly #node: SchemaNode
  #oldItems: ReadonlyMap<string, unknown> | undefined
  #isUnchanged: boolean | undefined

  constructor(value: unknown, old: unknown, node: SchemaNode) {
    this.#value = value
    this.#old = old
    this.#node = node
  }

  /** What was stored. */
  get old(): unknown {
    return this.#old
  }

  field(name: string): Correlation | undefined {
    if (!isJsonObject(this.#value) || !isJsonObject(this.#old) || !Object.hasOwn(this.#old, name))
      return undefined
    const node = this.#node.field(name)
    return node && new Correlation(this.#value[name], this.#old[name], node)
  }

  item(index: number): Correlation | undefined {
    const { items } = this.#node
    if (items === undefined || !Array.isArray(this.#value) || !Array.isArray(this.#old)) return undefined
    if (!this.#isMapList || !isJsonObject(this.#value[index])) return undefined
    this.#oldItems ??= this.#indexByKey(this.#old)
    const key = this.#keyOf(this.#value[index])
    const old = key === undefined ? undefined : this.#oldItems.get(key)
    return old === undefined ? undefined : new Correlation(this.#value[index], old, items)
  }

  /** True if nothing changed; the order of the items of a map list does not count. */
  get isUnchanged(): boolean {
    this.#isUnchanged ??= this.#compare()
    return this.#isUnchanged
  }

  #compare(): boolean {
    const value = this.#value
    const old = this.#old
    if (Array.isArray(value) && Array.isArray(old) && this.#isMapList) {
      return value.length === old.length && value.every((_, index) => this.item(index)?.isUnchanged === true)
    }
    if (!isJsonObject(value) || !isJsonObject(old)) return equalJson(value, old)
    const names = Object.keys(value)
    if (names.length !== Object.keys(old).length) return false
    return names.every((name) => this.field(name)?.isUnchanged === true)
  }

  get #isMapList(): boolean {
    return this.#node.schema['x-kubernetes-list-type'] === 'map'
  }

  #indexByKey(items: readonly unknown[]): ReadonlyMap<string, unknown> {
    const index = new Map<string, unknown>()
    for (const item of items) {
      if (!isJsonObject(item)) continue
      const key = this.#keyOf(item)
      if (key !== undefined && !index.has(key)) index.set(key, item)
    }
    return index
  }

  /** Undefined for an item that lacks a key. */
  #keyOf(item: JsonObject): string | undefined {
    const names = this.#node.schema['x-kubernetes-list-map-keys'] ?? []
    if (!names.every((name) => isScalar(item[name]))) return undefined
    return canonicalJson(names.map((name) => item[name]))
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
