import { type CelList, type CelMap, CelUint, type CelValue } from './cel-value.ts'
import { CostExceededError } from './cost-budget.ts'

/** A list of values at hand. */
export class ArrayList implements CelList {
  readonly celKind = 'list'
  readonly #values: readonly CelValue[]

  constructor(values: readonly CelValue[]) {
    this.#values = values
  }

  get size(): number {
    return this.#values.length
  }

  at(index: number): CelValue {
    return this.#values[index]!
  }
}

/** Two lists, one after the other, without a copy: so long as nobody looks, concatenation costs one step. */
class ConcatenatedList implements CelList {
  readonly celKind = 'list'
  readonly size: number
  readonly #first: CelList
  readonly #second: CelList
  #flat: readonly CelValue[] | undefined
  #looks = 0

  constructor(first: CelList, second: CelList) {
    this.#first = first
    this.#second = second
    this.size = first.size + second.size
  }

  /** Lists are flattened once they have been looked at as often as that takes steps. */
  at(index: number): CelValue {
    if (this.#flat) return this.#flat[index]!
    if (++this.#looks >= this.size) this.#flat = this.#flatten()
    let list: CelList = this
    let place = index
    while (list instanceof ConcatenatedList) {
      if (list.#flat) return list.#flat[place]!
      const { size } = list.#first
      if (place < size) {
        list = list.#first
      } else {
        place -= size
        list = list.#second
      }
    }
    return list.at(place)
  }

  #flatten(): CelValue[] {
    const values: CelValue[] = []
    const pending: CelList[] = [this]
    for (let list = pending.pop(); list; list = pending.pop()) {
      if (list instanceof ConcatenatedList) pending.push(list.#second, list.#first)
      else for (let index = 0; index < list.size; index++) values.push(list.at(index))
    }
    return values
  }
}

export function concatLists(first: CelList, second: CelList): CelList {
  if (first.concat) return first.concat(second)
  if (first.size === 0) return second
  if (second.size === 0) return first
  // No evaluation could look at such a list; only doubling makes one.
  if (first.size + second.size > Number.MAX_SAFE_INTEGER) throw new CostExceededError()
  return new ConcatenatedList(first, second)
}

/** Keys that are equal in CEL, such as `1`, `1u` and `1.0`, are one key; collections are equal only to themselves. */
export function canonicalKey(key: CelValue): CelValue {
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : key
  return key instanceof CelUint ? key.value : key
}

/** A map of values at hand. */
export class HashMap implements CelMap {
  readonly celKind = 'map'
  readonly #entries = new Map<CelValue, { readonly key: CelValue; readonly value: CelValue }>()
  #keys: readonly CelValue[] | undefined

  get size(): number {
    return this.#entries.size
  }

  get(key: CelValue): CelValue | undefined {
    return this.#entries.get(canonicalKey(key))?.value
  }

  keys(): readonly CelValue[] {
    this.#keys ??= [...this.#entries.values()].map((entry) => entry.key)
    return this.#keys
  }

  /** While it is being made. */
  set(key: CelValue, value: CelValue): void {
    this.#keys = undefined
    this.#entries.set(canonicalKey(key), { key, value })
  }

  delete(key: CelValue): void {
    this.#keys = undefined
    this.#entries.delete(canonicalKey(key))
  }
}
