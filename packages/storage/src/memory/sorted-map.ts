const maxLeafSize = 256

interface Leaf<V> {
  keys: string[]
  values: V[]
}

/**
 * A map in the order of its keys: a B+tree of two levels, the upper one an array of leaves. Inserting stays cheap
 * up to millions of keys, since moving some thousand array slots is.
 */
export class SortedMap<V> {
  /** Never empty; only the first leaf may be. */
  readonly #leaves: Leaf<V>[] = [{ keys: [], values: [] }]

  get(key: string): V | undefined {
    const leaf = this.#leaves[this.#leafOf(key)]!
    const at = lowerBound(leaf.keys, key)
    return leaf.keys[at] === key ? leaf.values[at] : undefined
  }

  set(key: string, value: V): void {
    const index = this.#leafOf(key)
    const { keys, values } = this.#leaves[index]!
    const at = lowerBound(keys, key)
    if (keys[at] === key) {
      values[at] = value
      return
    }
    keys.splice(at, 0, key)
    values.splice(at, 0, value)
    if (keys.length <= maxLeafSize) return
    // A leaf that grew at its end (the log does) is left full: halves would stay halves for ever.
    const half = at === keys.length - 1 ? maxLeafSize : maxLeafSize >> 1
    this.#leaves.splice(index + 1, 0, { keys: keys.splice(half), values: values.splice(half) })
  }

  delete(key: string): void {
    const index = this.#leafOf(key)
    const { keys, values } = this.#leaves[index]!
    const at = lowerBound(keys, key)
    if (keys[at] !== key) return
    keys.splice(at, 1)
    values.splice(at, 1)
    if (keys.length === 0 && this.#leaves.length > 1) this.#leaves.splice(index, 1)
  }

  /** Entries with `gte <= key < lt`. The map must not change while it is walked. */
  *range(gte: string, lt: string): Generator<[string, V], void> {
    let index = this.#leafOf(gte)
    let at = lowerBound(this.#leaves[index]!.keys, gte)
    for (; index < this.#leaves.length; index++, at = 0) {
      const { keys, values } = this.#leaves[index]!
      for (; at < keys.length; at++) {
        if (keys[at]! >= lt) return
        yield [keys[at]!, values[at]!]
      }
    }
  }

  /** The same, descending. */
  *rangeReverse(gte: string, lt: string): Generator<[string, V], void> {
    let index = this.#leafOf(lt)
    let at = lowerBound(this.#leaves[index]!.keys, lt) - 1
    while (true) {
      const { keys, values } = this.#leaves[index]!
      for (; at >= 0; at--) {
        if (keys[at]! < gte) return
        yield [keys[at]!, values[at]!]
      }
      if (index === 0) return
      index--
      at = this.#leaves[index]!.keys.length - 1
    }
  }

  /** The last leaf that starts at or before the key. */
  #leafOf(key: string): number {
    let low = 0
    let high = this.#leaves.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#leaves[middle]!.keys[0]! <= key) low = middle
      else high = middle
    }
    return low
  }
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
