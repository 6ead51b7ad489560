/**
 * Sorts in place as `sort.Sort` of Go does, by pattern-defeating quicksort: what compares as equal ends up where kubectl
 * has it, which is not where it was. `isLess` need not be an order.
 */
export function goSort<T>(items: T[], isLess: (a: T, b: T) => boolean): void {
  new PatternDefeatingQuicksort(items, isLess).sort(0, items.length, bitLength(items.length))
}

const maxInsertion = 12
const shortestNinther = 50
const shortestShifting = 50
const maxShifts = 5
/** Exchanges by which three medians of three are found in a falling sequence. */
const maxExchanges = 12

type Hint = 'rising' | 'falling' | undefined

class PatternDefeatingQuicksort<T> {
  readonly #items: T[]
  readonly #isLess: (a: T, b: T) => boolean
  #exchanges = 0

  constructor(items: T[], isLess: (a: T, b: T) => boolean) {
    this.#items = items
    this.#isLess = isLess
  }

  /** Sorts from `start` up to, without, `end`. After `limit` bad partitions it is heapsort that goes on. */
  sort(start: number, end: number, limit: number): void {
    let [from, to, left] = [start, end, limit]
    let isBalanced = true
    let isPartitioned = true
    for (;;) {
      const length = to - from
      if (length <= maxInsertion || left === 0) {
        if (length <= maxInsertion) this.#insertionSort(from, to)
        else this.#heapSort(from, to)
        return
      }
      if (!isBalanced) {
        this.#breakPatterns(from, to)
        left--
      }
      const chosen = this.#choosePivot(from, to)
      let { pivot } = chosen
      if (chosen.hint === 'falling') {
        this.#reverse(from, to)
        pivot = to - 1 - (pivot - from)
      }
      const looksSorted = isBalanced && isPartitioned && chosen.hint !== undefined
      if (looksSorted && this.#finishNearlySorted(from, to)) return
      // Nothing here is less than what stands before: with the pivot equal to that, many will be.
      if (from > 0 && !this.#less(from - 1, pivot)) {
        from = this.#partitionEqual(from, to, pivot)
        continue
      }
      const { middle, wasPartitioned } = this.#partition(from, to, pivot)
      isPartitioned = wasPartitioned
      const [before, behind] = [middle - from, to - middle]
      isBalanced = Math.min(before, behind) >= Math.trunc(length / 8)
      if (before < behind) {
        this.sort(from, middle, left)
        from = middle + 1
      } else {
        this.sort(middle + 1, to, left)
        to = middle
      }
    }
  }

  #less(i: number, j: number): boolean {
    return this.#isLess(this.#items[i]!, this.#items[j]!)
  }

  #swap(i: number, j: number): void {
    const item = this.#items[i]!
    this.#items[i] = this.#items[j]!
    this.#items[j] = item
  }

  #insertionSort(from: number, to: number): void {
    for (let i = from + 1; i < to; i++) this.#shiftLeft(i, from + 1)
  }

  /** Moves an item to the left, to `first - 1` at most. */
  #shiftLeft(index: number, first: number): void {
    for (let i = index; i >= first && this.#less(i, i - 1); i--) this.#swap(i, i - 1)
  }

  #shiftRight(index: number, to: number): void {
    for (let i = index; i < to && this.#less(i, i - 1); i++) this.#swap(i, i - 1)
  }

  #heapSort(from: number, to: number): void {
    const length = to - from
    for (let i = Math.trunc((length - 1) / 2); i >= 0; i--) this.#siftDown(i, length, from)
    for (let i = length - 1; i >= 0; i--) {
      this.#swap(from, from + i)
      this.#siftDown(0, i, from)
    }
  }

  #siftDown(index: number, length: number, from: number): void {
    for (let root = index; ; ) {
      let child = 2 * root + 1
      if (child >= length) return
      if (child + 1 < length && this.#less(from + child, from + child + 1)) child++
      if (!this.#less(from + root, from + child)) return
      this.#swap(from + root, from + child)
      root = child
    }
  }

  /** Exchanges three items in the middle with others, by numbers that are the same each time. */
  #breakPatterns(from: number, to: number): void {
    const length = to - from
    if (length < 8) return
    const mask = 2n ** BigInt(bitLength(length)) - 1n
    let random = BigInt(length)
    const middle = from + Math.trunc(length / 4) * 2
    for (let i = middle - 1; i <= middle + 1; i++) {
      random = xorshift(random)
      const other = Number(random & mask)
      this.#swap(i, from + (other >= length ? other - length : other))
    }
  }

  #choosePivot(from: number, to: number): { pivot: number; hint: Hint } {
    const quarter = Math.trunc((to - from) / 4)
    let points: [number, number, number] = [from + quarter, from + quarter * 2, from + quarter * 3]
    this.#exchanges = 0
    if (to - from >= shortestNinther) {
      const [a, b, c] = points
      points = [this.#median(a - 1, a, a + 1), this.#median(b - 1, b, b + 1), this.#median(c - 1, c, c + 1)]
    }
    const pivot = this.#median(...points)
    if (this.#exchanges === 0) return { pivot, hint: 'rising' }
    return { pivot, hint: this.#exchanges === maxExchanges ? 'falling' : undefined }
  }

  /** The index of the median of three. */
  #median(a: number, b: number, c: number): number {
    const [low, high] = this.#inOrder(a, b)
    const [middle] = this.#inOrder(high, c)
    return this.#inOrder(low, middle)[1]
  }

  #inOrder(a: number, b: number): [number, number] {
    if (!this.#less(b, a)) return [a, b]
    this.#exchanges++
    return [b, a]
  }

  #reverse(from: number, to: number): void {
    for (let i = from, j = to - 1; i < j; i++, j--) this.#swap(i, j)
  }

  /** Mends a few items that are out of place. True if all are in order then. */
  #finishNearlySorted(from: number, to: number): boolean {
    let i = from + 1
    for (let shifts = 0; shifts < maxShifts; shifts++) {
      while (i < to && !this.#less(i, i - 1)) i++
      if (i === to) return true
      if (to - from < shortestShifting) return false
      this.#swap(i, i - 1)
      if (i - from >= 2) this.#shiftLeft(i - 1, 1)
      if (to - i >= 2) this.#shiftRight(i + 1, to)
    }
    return false
  }

  /** Puts what is less than the pivot before it, and the rest behind. */
  #partition(from: number, to: number, pivot: number): { middle: number; wasPartitioned: boolean } {
    this.#swap(from, pivot)
    let [i, j] = [from + 1, to - 1]
    for (let wasPartitioned = true; ; wasPartitioned = false) {
      while (i <= j && this.#less(i, from)) i++
      while (i <= j && !this.#less(j, from)) j--
      if (i > j) {
        this.#swap(j, from)
        return { middle: j, wasPartitioned }
      }
      this.#swap(i++, j--)
    }
  }

  /** Puts what is equal to the pivot, where nothing is less, before the rest; where that begins. */
  #partitionEqual(from: number, to: number, pivot: number): number {
    this.#swap(from, pivot)
    let [i, j] = [from + 1, to - 1]
    for (;;) {
      while (i <= j && !this.#less(from, i)) i++
      while (i <= j && this.#less(from, j)) j--
      if (i > j) return i
      this.#swap(i++, j--)
    }
  }
}

function bitLength(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log2(value)) + 1
}

/** The next number of 64 bits, https://www.jstatsoft.org/article/view/v008i14. */
function xorshift(previous: bigint): bigint {
  let value = BigInt.asUintN(64, previous ^ (previous << 13n))
  value ^= value >> 7n
  return BigInt.asUintN(64, value ^ (value << 17n))
}
