import type { Transport } from '@k1s/core'
import type { Document } from './document.ts'

/** Bytes of documents that are kept, all tenants together. Compressed forms come on top, and are a tenth of that. */
const defaultCapacity = 128 * 1024 * 1024

/** What a tenant and a document take besides the bytes, so that many small ones are bounded too. */
const overhead = 1024

interface TenantDocuments {
  readonly version: string
  readonly documents: Map<string, Promise<Document>>
  size: number
}

/** Documents about what is served, kept as long as that does not change. */
export class DocumentCache {
  readonly #transport: Transport
  readonly #capacity: number
  /** Those that were asked for last are at the end. */
  readonly #tenants = new Map<string, TenantDocuments>()
  #size = 0

  constructor(transport: Transport, capacity = defaultCapacity) {
    this.#transport = transport
    this.#capacity = capacity
  }

  /**
   * The document of a tenant, made by `make` unless it is known. Who asks for one that is being made waits for it.
   * Nothing is kept if the transport cannot tell whether it is still true.
   */
  async get(tenant: string, name: string, make: () => Promise<Document>): Promise<Document> {
    if (this.#transport.discoveryVersion === undefined) return make()
    const kept = this.#documentsOf(tenant, await this.#transport.discoveryVersion(tenant))
    const known = kept.documents.get(name)
    if (known !== undefined) return known
    const made = make()
    kept.documents.set(name, made)
    try {
      this.#account(tenant, kept, overhead + (await made).bytes.length)
    } catch (error) {
      kept.documents.delete(name)
      throw error
    }
    return made
  }

  #documentsOf(tenant: string, version: string): TenantDocuments {
    const known = this.#tenants.get(tenant)
    if (known !== undefined) this.#forget(tenant, known)
    const kept = known?.version === version ? known : { version, documents: new Map(), size: overhead }
    this.#tenants.set(tenant, kept)
    this.#size += kept.size
    this.#makeRoom()
    return kept
  }

  #account(tenant: string, kept: TenantDocuments, bytes: number): void {
    kept.size += bytes
    // What was asked for by a version that is gone is not kept any more.
    if (this.#tenants.get(tenant) !== kept) return
    this.#size += bytes
    this.#makeRoom()
  }

  #makeRoom(): void {
    for (const [other, documents] of this.#tenants) {
      if (this.#size <= this.#capacity) return
      this.#forget(other, documents)
    }
  }

  #forget(tenant: string, kept: TenantDocuments): void {
    this.#tenants.delete(tenant)
    this.#size -= kept.size
  }
}
