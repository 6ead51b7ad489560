import type { EngineEntry, EngineReader, EngineTransaction, RangeOptions } from './engine.ts'
import { toBuffer } from './to-buffer.ts'

interface Change {
  /** The key with one character per byte: compares like the bytes do. */
  id: string
  key: Uint8Array
  /** Undefined deletes. */
  value: Uint8Array | undefined
}

/**
 * Collects the writes of transaction bodies that will be committed together, so that a body that throws leaves
 * nothing behind. For engines to build `write` from.
 */
export class TransactionBuffer implements EngineTransaction {
  readonly #base: EngineReader
  readonly #changes = new Map<string, Change>()
  #undo: [string, Change | undefined][] = []

  /** `base` is read where nothing was written yet. */
  constructor(base: EngineReader) {
    this.#base = base
  }

  /** Runs a body; what it wrote is taken back if it throws. */
  run<T>(body: (transaction: EngineTransaction) => T): T {
    this.#undo = []
    try {
      return body(this)
    } catch (error) {
      for (const [id, before] of this.#undo.reverse()) {
        if (before === undefined) this.#changes.delete(id)
        else this.#changes.set(id, before)
      }
      throw error
    }
  }

  /** What is to be written, each key once. */
  changes(): Iterable<Change> {
    return this.#changes.values()
  }

  get size(): number {
    return this.#changes.size
  }

  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#changes.size === 0) return this.#base.get(key)
    const change = this.#changes.get(idOf(key))
    return change === undefined ? this.#base.get(key) : change.value
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#set({ id: idOf(key), key, value })
  }

  delete(key: Uint8Array): void {
    this.#set({ id: idOf(key), key, value: undefined })
  }

  range(options: RangeOptions): Iterable<EngineEntry> {
    const { gte, lt, limit = Number.POSITIVE_INFINITY, reverse = false } = options
    const changed = this.#changesIn(idOf(gte), idOf(lt))
    if (changed.length === 0) return [...this.#base.range({ gte, lt, limit, reverse })]
    const deletions = changed.filter(([, { value }]) => value === undefined).length
    const merged = new Map<string, EngineEntry>()
    for (const entry of this.#base.range({ gte, lt, limit: limit + deletions, reverse })) {
      merged.set(idOf(entry.key), entry)
    }
    for (const [id, { key, value }] of changed) {
      if (value === undefined) merged.delete(id)
      else merged.set(id, { key, value })
    }
    const sorted = [...merged].sort(([a], [b]) => (a < b !== reverse ? -1 : 1))
    return sorted.slice(0, limit).map(([, entry]) => entry)
  }

  #set(change: Change): void {
    const { id } = change
    this.#undo.push([id, this.#changes.get(id)])
    this.#changes.set(id, change)
  }

  #changesIn(gte: string, lt: string): [string, Change][] {
    const found: [string, Change][] = []
    for (const entry of this.#changes) if (entry[0] >= gte && entry[0] < lt) found.push(entry)
    return found
  }
}

/** One character per byte: compares like the bytes do, and faster. */
export function idOf(key: Uint8Array): string {
  return toBuffer(key).toString('latin1')
}
