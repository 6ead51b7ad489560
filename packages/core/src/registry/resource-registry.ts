import { type KubernetesObject, newBadRequest } from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import { builtinDefinitions } from '../builtin/index.ts'
import type { KindDefinition } from '../kind.ts'
import type { DiscoveredResource } from '../request.ts'
import type { ResourceDefinition } from '../resource-definition.ts'
import { customDefinition } from './custom-definition.ts'
import { discoveredResource } from './discovered-resource.ts'
import { type DiscoveryEntries, definitionOf, definitionsPrefix, readIndex } from './discovery-index.ts'
import { registeredDefinition } from './registered-definition.ts'

/** The custom resources of a tenant, as of a revision of their definitions. */
interface Catalog {
  readonly revision: number
  readonly entries: DiscoveryEntries
  readonly definitions: Map<string, ResourceDefinition>
}

const emptyCatalog: Catalog = { revision: 0, entries: {}, definitions: new Map() }

const resourceId = (group: string, plural: string) => (group === '' ? plural : `${plural}.${group}`)

/**
 * Every resource that can be asked for, whatever its origin: built in, registered by the application, or defined
 * by a stored CustomResourceDefinition. Each look-up checks with one point read that no process has written a
 * definition since, so a new kind is usable the moment its definition is stored.
 */
export class ResourceRegistry {
  readonly #storage: StorageInterface
  readonly #fixed = new Map<string, ResourceDefinition>()
  readonly #catalogs = new Map<string, Catalog>()
  #registrations = 0

  constructor(storage: StorageInterface) {
    this.#storage = storage
    for (const definition of builtinDefinitions) {
      this.#fixed.set(resourceId(definition.group, definition.plural), definition)
    }
  }

  /** BadRequest if the resource is a built-in one, or another of the group has the kind. */
  register(kind: KindDefinition<KubernetesObject>): void {
    const id = resourceId(kind.group, kind.plural)
    if (this.#fixed.get(id)?.origin === 'builtin') {
      throw newBadRequest(`cannot register ${id}: it is built in`)
    }
    for (const [other, definition] of this.#fixed) {
      if (other === id || definition.group !== kind.group || definition.kind !== kind.kind) continue
      throw newBadRequest(`cannot register ${id}: ${other} has the kind ${kind.kind} already`)
    }
    this.#fixed.set(id, registeredDefinition(kind))
    this.#registrations += 1
  }

  find(
    tenant: string,
    group: string,
    plural: string,
  ): ResourceDefinition | undefined | Promise<ResourceDefinition | undefined> {
    const id = resourceId(group, plural)
    // A group may hold dots, so that other pairs make the same text.
    const isMeant = (found: ResourceDefinition | undefined) =>
      found?.group === group && found.plural === plural ? found : undefined
    const fixed = this.#fixed.get(id)
    return fixed === undefined ? this.#findCustom(tenant, id).then(isMeant) : isMeant(fixed)
  }

  /** The resource of a kind, for references that name kinds. */
  async findKind(tenant: string, group: string, kind: string): Promise<ResourceDefinition | undefined> {
    for (const definition of this.#fixed.values()) {
      if (definition.group === group && definition.kind === kind) return definition
    }
    const catalog = await this.#catalog(tenant)
    for (const [id, entry] of Object.entries(catalog.entries)) {
      if (entry.resource?.group === group && entry.resource.kind === kind)
        return this.#custom(tenant, catalog, id)
    }
    return undefined
  }

  /** The definitions of all resources, for what discovery does not show of them. */
  async list(tenant: string): Promise<ResourceDefinition[]> {
    const catalog = await this.#catalog(tenant)
    const custom = Object.keys(catalog.entries).filter((id) => !this.#fixed.has(id))
    return [...this.#fixed.values(), ...custom.flatMap((id) => this.#custom(tenant, catalog, id) ?? [])]
  }

  /** All resources: built in, registered, then custom ones by name. */
  async discover(tenant: string): Promise<readonly DiscoveredResource[]> {
    const { entries } = await this.#catalog(tenant)
    const custom = Object.keys(entries).sort()
    return [
      ...Array.from(this.#fixed.values(), discoveredResource),
      ...custom.flatMap((id) => (this.#fixed.has(id) ? [] : (entries[id]?.resource ?? []))),
    ]
  }

  /** Another one after each registration, and after each write of a definition of the tenant. */
  async version(tenant: string): Promise<string> {
    const { lastRevision } = await this.#storage.stats(definitionsPrefix(tenant))
    return `${this.#registrations}.${lastRevision}`
  }

  async #findCustom(tenant: string, id: string): Promise<ResourceDefinition | undefined> {
    return this.#custom(tenant, await this.#catalog(tenant), id)
  }

  #custom(tenant: string, catalog: Catalog, id: string): ResourceDefinition | undefined {
    const known = catalog.definitions.get(id)
    if (known !== undefined) return known
    const entry = catalog.entries[id]
    const compact = entry && definitionOf(entry)
    if (compact === undefined) return undefined
    const definition = customDefinition(this.#storage, tenant, id, entry!, compact)
    catalog.definitions.set(id, definition)
    return definition
  }

  async #catalog(tenant: string): Promise<Catalog> {
    const { lastRevision } = await this.#storage.stats(definitionsPrefix(tenant))
    const known = this.#catalogs.get(tenant) ?? emptyCatalog
    if (known.revision >= lastRevision) return known
    const entries = await readIndex(this.#storage, tenant, lastRevision)
    const catalog: Catalog = {
      revision: lastRevision,
      entries,
      definitions: keepUnchanged(known, entries),
    }
    this.#catalogs.set(tenant, catalog)
    return catalog
  }
}

/** Definitions hold compiled schemas, which stay good until their own CustomResourceDefinition changes. */
function keepUnchanged(known: Catalog, entries: DiscoveryEntries) {
  const kept = new Map<string, ResourceDefinition>()
  for (const [id, definition] of known.definitions) {
    if (entries[id]?.revision === known.entries[id]?.revision) kept.set(id, definition)
  }
  return kept
}
