import { newServiceUnavailable } from '@k1s/apimachinery'
import type { Engine, EngineEntry, EngineReader, EngineTransaction, RangeOptions } from '../engine.ts'
import { idOf, TransactionBuffer } from '../transaction-buffer.ts'
import { SortedMap } from './sorted-map.ts'

/** An Engine of one process without durability: for tests, and for data that may go when the process does. */
export class MemoryEngine implements Engine {
  readonly name = 'memory'
  readonly #map = new SortedMap<Uint8Array>()
  readonly #listeners = new Set<() => void>()
  readonly #reader: EngineReader = {
    get: (key) => this.#map.get(idOf(key)),
    range: (options) => this.#range(options),
  }
  #closed = false

  read<T>(body: (reader: EngineReader) => T): T {
    this.#checkOpen()
    return body(this.#reader)
  }

  async write<T>(body: (transaction: EngineTransaction) => T): Promise<T> {
    this.#checkOpen()
    const buffer = new TransactionBuffer(this.#reader)
    const result = buffer.run(body)
    for (const { id, value } of buffer.changes()) {
      if (value === undefined) this.#map.delete(id)
      else this.#map.set(id, value)
    }
    if (buffer.size > 0) for (const listener of [...this.#listeners]) listener()
    return result
  }

  onCommit(listener: () => void): () => void {
    this.#checkOpen()
    // A listener may be given twice; each has its own end.
    const own = () => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#listeners.clear()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  *#range({ gte, lt, limit = Number.POSITIVE_INFINITY, reverse }: RangeOptions): Generator<EngineEntry> {
    const [from, to] = [idOf(gte), idOf(lt)]
    let left = limit
    for (const [key, value] of reverse ? this.#map.rangeReverse(from, to) : this.#map.range(from, to)) {
      if (left-- <= 0) return
      yield new Entry(key, value)
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw newServiceUnavailable('the store is closed')
  }
}

class Entry implements EngineEntry {
  readonly #key: string
  readonly value: Uint8Array

  constructor(key: string, value: Uint8Array) {
    this.#key = key
    this.value = value
  }

  get key(): Uint8Array {
    return Buffer.from(this.#key, 'latin1')
  }
}
