/** Something that knows where it is in the {@link Heap} that holds it; -1 while none does. */
export interface HeapItem {
  heapIndex: number
}

/**
 * A binary heap whose items can be moved and taken out wherever they are, each in O(log n). An item is in one heap at a time.
 */
export class Heap<T extends HeapItem> {
  readonly #items: T[] = []
  readonly #isBefore: (a: T, b: T) => boolean

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore
  }

  get size(): number {
    return this.#items.length
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    this.#put(item, this.#items.length)
    this.#rise(item)
  }

  remove(item: T): void {
    const index = item.heapIndex
    const last = this.#items.pop()!
    item.heapIndex = -1
    if (last === item) return
    this.#put(last, index)
    this.update(last)
  }

  /** Has to be called when the order of an item has changed. */
  update(item: T): void {
    this.#rise(item)
    this.#sink(item)
  }

  #put(item: T, index: number): void {
    this.#items[index] = item
    item.heapIndex = index
  }

  #rise(item: T): void {
    let index = item.heapIndex
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#items[parentIndex]!
      if (!this.#isBefore(item, parent)) break
      this.#put(parent, index)
      index = parentIndex
    }
    this.#put(item, index)
  }

  #sink(item: T): void {
    let index = item.heapIndex
    for (;;) {
      const child = this.#firstChild(index)
      if (child === undefined || !this.#isBefore(child, item)) break
      const childIndex = child.heapIndex
      this.#put(child, index)
      index = childIndex
    }
    this.#put(item, index)
  }

  #firstChild(index: number): T | undefined {
    const left = this.#items[2 * index + 1]
    const right = this.#items[2 * index + 2]
    if (left === undefined || right === undefined) return left
    return this.#isBefore(right, left) ? right : left
  }
}
