import type { Unstructured } from '@k1s/apimachinery'
import { type StorageInterface, type StoragePrefix, storageKey, storagePrefix } from '@k1s/storage'
import type { CompactDefinition } from '../crd/compact-definition.ts'
import type { DiscoveredResource } from '../request.ts'

/**
 * The extract of one CustomResourceDefinition that resolving, listing and printing need, so that a `get` parses no
 * schema.
 */
export interface DiscoveryEntry {
  /** The revision of the definition's last write. */
  readonly revision: number
  /** metadata.generation of the definition. */
  readonly generation: number
  /** The revision at which the schema last changed: objects written before may lack defaults. */
  readonly schemaRevision: number
  readonly terminating?: true
  /** How discovery shows the resource. Undefined until the definition is established. */
  readonly resource?: DiscoveredResource
  /**
   * The {@link CompactDefinition} as JSON text: looking a name up among hundreds of definitions reads them all, and
   * parses this of one.
   */
  readonly definition?: string
}

export function definitionOf({ definition }: DiscoveryEntry): CompactDefinition | undefined {
  return definition === undefined ? undefined : (JSON.parse(definition) as CompactDefinition)
}

/** Entries by the name of their definition. */
export type DiscoveryEntries = { readonly [name: string]: DiscoveryEntry }

/** The name of the derived value that holds all entries of a tenant: one read, in one place of the disk. */
const indexName = 'discovery'

const definitionResource = 'customresourcedefinitions.apiextensions.k8s.io'

/** The prefix of all CustomResourceDefinitions of a tenant. */
export function definitionsPrefix(tenant: string): StoragePrefix {
  return storagePrefix({ tenant, resource: definitionResource })
}

/** The key of a CustomResourceDefinition. */
export function definitionKey(tenant: string, name: string) {
  return storageKey({ tenant, resource: definitionResource, name })
}

/**
 * Entries that are true for the definitions as of `revision`. Where a process ended between writing a definition
 * and the index, what is missing is read from the log.
 */
export async function readIndex(
  storage: StorageInterface,
  tenant: string,
  revision: number,
): Promise<DiscoveryEntries> {
  const stored = await storage.readDerived(tenant, indexName)
  if (stored === undefined) return rebuild(storage, tenant, {})
  const entries = stored.value as DiscoveryEntries
  if (stored.revision >= revision) return entries
  const changed = await changesSince(storage, tenant, entries, stored.revision, revision)
  return changed ?? rebuild(storage, tenant, entries)
}

/** Brings the stored index up to `revision`. */
export async function writeIndex(storage: StorageInterface, tenant: string, revision: number): Promise<void> {
  const value = await readIndex(storage, tenant, revision)
  await storage.writeDerived(tenant, indexName, { revision, value })
}

/** From the log; undefined if it no longer reaches back. */
async function changesSince(
  storage: StorageInterface,
  tenant: string,
  entries: DiscoveryEntries,
  seen: number,
  revision: number,
): Promise<DiscoveryEntries | undefined> {
  const { extractEntry } = await import('./extract-entry.ts')
  const changed: { [name: string]: DiscoveryEntry } = { ...entries }
  for await (const event of storage.watch(definitionsPrefix(tenant), { resourceVersion: String(seen) })) {
    if (event.type === 'ERROR') return undefined
    const name = event.object.metadata.name!
    const at = Number(event.object.metadata.resourceVersion)
    // What came after `revision` is for whoever asks for that.
    if (at > revision) break
    if (event.type === 'DELETED') delete changed[name]
    else changed[name] = extractEntry(event.object, changed[name])
    if (at === revision) break
  }
  return changed
}

async function rebuild(
  storage: StorageInterface,
  tenant: string,
  entries: DiscoveryEntries,
): Promise<DiscoveryEntries> {
  const { extractEntry } = await import('./extract-entry.ts')
  const { items } = await storage.getList<Unstructured>(definitionsPrefix(tenant))
  return Object.fromEntries(
    items.map((definition) => {
      const name = definition.metadata.name!
      return [name, extractEntry(definition, entries[name])]
    }),
  )
}
