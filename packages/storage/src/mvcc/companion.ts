import { type KubernetesObject, newNotFound, type Unstructured } from '@k1s/apimachinery'
import type {
  ResourceStats,
  StorageCompanion,
  StorageKey,
  StoragePrefix,
  StorageTransaction,
} from '../interface.ts'
import { groupResourceOf, nameOf } from '../storage-key.ts'
import { decodeState } from './decode.ts'
import { type EncodedObject, encodeObject } from './encode.ts'
import { expiryOf, tenantOf } from './layout.ts'
import type { MvccTransaction } from './mvcc-transaction.ts'

/**
 * Runs the companion of a write in its transaction. What it returns makes the companion's changes, and is to be called
 * after the write.
 */
export function runCompanion(
  transaction: MvccTransaction,
  key: StorageKey,
  companion: StorageCompanion,
): () => void {
  const view = new CompanionTransaction(transaction, tenantOf(key))
  companion(view)
  return () => view.apply()
}

class CompanionTransaction implements StorageTransaction {
  readonly #transaction: MvccTransaction
  readonly #tenant: string
  readonly #updates: { key: StorageKey; encoded: EncodedObject }[] = []
  readonly #tasks: string[] = []

  constructor(transaction: MvccTransaction, tenant: string) {
    this.#transaction = transaction
    this.#tenant = tenant
  }

  get(key: StorageKey): Unstructured | undefined {
    const state = this.#transaction.liveState(key)
    return state === undefined ? undefined : decodeState(key, state)
  }

  list(prefix: StoragePrefix): Unstructured[] {
    return Array.from(this.#transaction.liveStates(prefix), ({ state }) => decodeState(prefix, state))
  }

  count(prefix: StoragePrefix): number {
    let count = 0
    for (const _ of this.#transaction.liveStates(prefix)) count++
    return count
  }

  stats(prefix: StoragePrefix): ResourceStats {
    return this.#transaction.stats(prefix)
  }

  update<T extends KubernetesObject>(key: StorageKey, object: T): void {
    this.#updates.push({ key, encoded: encodeObject(object) })
  }

  addTask(task: string): void {
    this.#tasks.push(task)
  }

  apply(): void {
    for (const { key, encoded } of this.#updates) {
      const previous = this.#transaction.liveState(key)
      if (previous === undefined) throw newNotFound(groupResourceOf(key), nameOf(key))
      this.#transaction.put(key, encoded.state, expiryOf(previous), previous)
    }
    for (const task of this.#tasks) this.#transaction.addTask(this.#tenant, task)
  }
}
