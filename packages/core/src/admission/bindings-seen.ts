import {
  newRequirementFailed,
  type ResourceStats,
  type StorageInterface,
  type StorageKey,
  type StoragePrefix,
  type StorageTransaction,
  storagePrefix,
} from '@k1s/storage'

/** How many tenants are remembered. */
const maxRemembered = 1000

/**
 * The bindings of one kind of policies: how many each tenant has, looked up with a point read. Where there were none, a
 * creation relies on that and has its transaction check it.
 */
export class BindingsSeen {
  readonly #storage: StorageInterface
  readonly #resource: string
  /** The prefix of the bindings and their last revision, of tenants that had none. */
  readonly #none = new Map<string, { readonly prefix: StoragePrefix; readonly lastRevision: number }>()

  constructor(storage: StorageInterface, resource: string) {
    this.#storage = storage
    this.#resource = resource
  }

  async look(tenant: string): Promise<ResourceStats> {
    const prefix = this.#none.get(tenant)?.prefix ?? storagePrefix({ tenant, resource: this.#resource })
    const stats = await this.#storage.stats(prefix)
    if (stats.count > 0) this.#none.delete(tenant)
    else this.#remember(tenant, prefix, stats.lastRevision)
    return stats
  }

  #remember(tenant: string, prefix: StoragePrefix, lastRevision: number): void {
    if (this.#none.get(tenant)?.lastRevision === lastRevision) return
    if (this.#none.size >= maxRemembered) this.#none.clear()
    this.#none.set(tenant, { prefix, lastRevision })
  }

  /** Whether there were none when it was last looked up. */
  hadNone(tenant: string): boolean {
    return this.#none.has(tenant)
  }

  /** Fails the requirement of the write of `key` if there is a binding now. */
  requireNone(transaction: StorageTransaction, key: StorageKey): void {
    const tenant = key.slice(1, key.indexOf('/', 1))
    const seen = this.#none.get(tenant)
    if (seen !== undefined && transaction.stats(seen.prefix).lastRevision === seen.lastRevision) return
    this.#none.delete(tenant)
    throw newRequirementFailed(key, seen?.prefix ?? this.#resource)
  }
}
