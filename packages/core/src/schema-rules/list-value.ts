import { CelDuration, type CelList, CelTimestamp, CelUint, type CelValue } from '../cel/cel-value.ts'
import { ArrayList } from '../cel/collections.ts'
import { equalValues } from '../cel/equality.ts'
import { CelEvaluationError } from '../cel/evaluation-error.ts'
import { escapePropertyName } from './property-name.ts'

// Lists of type set and map: equality does not look at the order, and `+` is a union. After `valuesunstructured.go` of
// `k8s.io/apiserver/pkg/cel/common`.

/** A list of `x-kubernetes-list-type: set`. */
export class UniqueList implements CelList {
  readonly celKind = 'list'
  readonly #items: CelList
  #keys: ReadonlySet<string> | undefined

  constructor(items: CelList) {
    this.#items = items
  }

  get size(): number {
    return this.#items.size
  }

  at(index: number): CelValue {
    return this.#items.at(index)
  }

  equals(other: CelList): boolean {
    if (this.size !== other.size) return false
    const keys = this.#index()
    const otherKeys = new Set(elementsOf(other).map(scalarKey))
    return keys.size === otherKeys.size && [...otherKeys].every((key) => keys.has(key))
  }

  /** What is in both keeps its place; the rest follows. */
  concat(other: CelList): CelList {
    const keys = new Set(this.#index())
    const added = elementsOf(other).filter((item) => {
      const key = scalarKey(item)
      if (keys.has(key)) return false
      keys.add(key)
      return true
    })
    return new UniqueList(new ArrayList([...elementsOf(this), ...added]))
  }

  #index(): ReadonlySet<string> {
    this.#keys ??= new Set(elementsOf(this).map(scalarKey))
    return this.#keys
  }
}

/** A list of `x-kubernetes-list-type: map`: its items are told apart by some of their properties. */
export class KeyedList implements CelList {
  readonly celKind = 'list'
  readonly #items: CelList
  readonly #keyNames: readonly string[]
  #byKey: ReadonlyMap<string, CelValue> | undefined

  constructor(items: CelList, keyNames: readonly string[]) {
    this.#items = items
    this.#keyNames = keyNames
  }

  get size(): number {
    return this.#items.size
  }

  at(index: number): CelValue {
    return this.#items.at(index)
  }

  equals(other: CelList): boolean {
    if (this.size !== other.size) return false
    const items = this.#index()
    const seen = new Set<string>()
    for (const otherItem of elementsOf(other)) {
      const key = this.#keyOf(otherItem)
      const item = items.get(key)
      if (item === undefined || !equalValues(item, otherItem)) return false
      seen.add(key)
    }
    return seen.size === items.size
  }

  /** Items of `other` take the place of those with the same keys; the rest follows. */
  concat(other: CelList): CelList {
    const items = elementsOf(this)
    const places = new Map(items.map((item, place) => [this.#keyOf(item), place]))
    for (const item of elementsOf(other)) {
      const place = places.get(this.#keyOf(item))
      if (place === undefined) items.push(item)
      else items[place] = item
    }
    return new KeyedList(new ArrayList(items), this.#keyNames)
  }

  #index(): ReadonlyMap<string, CelValue> {
    this.#byKey ??= new Map(elementsOf(this).map((item) => [this.#keyOf(item), item]))
    return this.#byKey
  }

  #keyOf(item: CelValue): string {
    const values = this.#keyNames.map((name) => {
      const isObject =
        typeof item === 'object' && item !== null && 'celKind' in item && item.celKind === 'object'
      const value = isObject ? item.get(escapePropertyName(name) ?? name) : undefined
      return value === undefined ? null : scalarKey(value)
    })
    return JSON.stringify(values)
  }
}

function elementsOf(list: CelList): CelValue[] {
  return Array.from({ length: list.size }, (_, index) => list.at(index))
}

/** Equal for equal scalars and no others. */
function scalarKey(value: CelValue): string {
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('base64')}`
  if (value instanceof CelUint) return `uint ${value.value}`
  if (value instanceof CelTimestamp) return `timestamp ${value.nanoseconds}`
  if (value instanceof CelDuration) return `duration ${value.nanoseconds}`
  if (typeof value !== 'object') return `${typeof value} ${value}`
  throw new CelEvaluationError('listSet operations are only supported on lists of scalar values')
}
