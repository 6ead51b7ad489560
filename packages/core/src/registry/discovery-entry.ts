import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import { type StorageInterface, type StoragePrefix, storageKey, storagePrefix } from '@k1s/storage'
import type { CompactDefinition } from '../crd/compact-definition.ts'

/**
 * The extract of one CustomResourceDefinition that resolving, listing and printing need, so that a `get` parses no
 * schema. Entries are a materialized view: each says up to which revision it is true, and a reader that finds
 * definitions written since brings them up to date from the log.
 */
export interface DiscoveryEntry extends KubernetesObject {
  /** The revision of the definition's last write, or of its deletion. */
  readonly revision: number
  /** The definition is gone. The entry stays, to say so for that revision. */
  readonly deleted?: true
  /** metadata.generation of the definition. */
  readonly generation?: number
  /** The revision at which the schema last changed: objects written before may lack defaults. */
  readonly schemaRevision?: number
  readonly terminating?: true
  readonly definition?: CompactDefinition
}

const definitionResource = 'customresourcedefinitions.apiextensions.k8s.io'

/** Where entries are: under a group that no CustomResourceDefinition may use. */
const entryResource = 'discoveryentries.internal.k1s.dev'

/** The prefix of all CustomResourceDefinitions of a tenant. */
export function definitionsPrefix(tenant: string): StoragePrefix {
  return storagePrefix({ tenant, resource: definitionResource })
}

/** The key of a CustomResourceDefinition. */
export function definitionKey(tenant: string, name: string) {
  return storageKey({ tenant, resource: definitionResource, name })
}

/** Entries by the name of their definition, true for the definitions as of `revision`. */
export async function readEntries(
  storage: StorageInterface,
  tenant: string,
  revision: number,
): Promise<Map<string, DiscoveryEntry>> {
  const entries = new Map<string, DiscoveryEntry>()
  const stored = await storage.getList<DiscoveryEntry>(storagePrefix({ tenant, resource: entryResource }))
  for (const entry of stored.items) entries.set(entry.metadata.name!, entry)
  for (const entry of await missingEntries(storage, tenant, entries, revision)) {
    entries.set(entry.metadata.name!, entry)
  }
  return entries
}

/** Writes the entries of definitions that were written or deleted up to `revision`. */
export async function writeEntries(
  storage: StorageInterface,
  tenant: string,
  revision: number,
): Promise<void> {
  const stored = await storage.getList<DiscoveryEntry>(storagePrefix({ tenant, resource: entryResource }))
  const entries = new Map(stored.items.map((entry) => [entry.metadata.name!, entry]))
  for (const entry of await missingEntries(storage, tenant, entries, revision)) {
    const key = storageKey({ tenant, resource: entryResource, name: entry.metadata.name! })
    const update = (current: DiscoveryEntry | undefined) => ({
      object: current !== undefined && current.revision >= entry.revision ? current : entry,
    })
    await storage.guaranteedUpdate<DiscoveryEntry>(key, update, { ignoreNotFound: true })
  }
}

async function missingEntries(
  storage: StorageInterface,
  tenant: string,
  entries: ReadonlyMap<string, DiscoveryEntry>,
  revision: number,
): Promise<DiscoveryEntry[]> {
  let seen = 0
  for (const entry of entries.values()) seen = Math.max(seen, entry.revision)
  if (seen >= revision) return []
  const changes = seen === 0 ? undefined : await changesSince(storage, tenant, entries, seen, revision)
  return changes ?? rebuild(storage, tenant, entries, revision)
}

/** From the log; undefined if it no longer reaches back. */
async function changesSince(
  storage: StorageInterface,
  tenant: string,
  entries: ReadonlyMap<string, DiscoveryEntry>,
  seen: number,
  revision: number,
): Promise<DiscoveryEntry[] | undefined> {
  const { extractEntry } = await import('./extract-entry.ts')
  const changed = new Map<string, DiscoveryEntry>()
  for await (const event of storage.watch(definitionsPrefix(tenant), { resourceVersion: String(seen) })) {
    if (event.type === 'ERROR') return undefined
    const name = event.object.metadata.name!
    const at = Number(event.object.metadata.resourceVersion)
    const previous = changed.get(name) ?? entries.get(name)
    changed.set(
      name,
      event.type === 'DELETED' ? deletedEntry(name, at) : extractEntry(event.object, at, previous),
    )
    if (at >= revision) break
  }
  return [...changed.values()]
}

async function rebuild(
  storage: StorageInterface,
  tenant: string,
  entries: ReadonlyMap<string, DiscoveryEntry>,
  revision: number,
): Promise<DiscoveryEntry[]> {
  const { extractEntry } = await import('./extract-entry.ts')
  const { items } = await storage.getList<Unstructured>(definitionsPrefix(tenant))
  const found = items.map((definition) => {
    const previous = entries.get(definition.metadata.name!)
    return extractEntry(definition, Number(definition.metadata.resourceVersion), previous)
  })
  const names = new Set(found.map((entry) => entry.metadata.name))
  const gone = [...entries.keys()].filter((name) => !names.has(name))
  return [...found, ...gone.map((name) => deletedEntry(name, revision))]
}

function deletedEntry(name: string, revision: number): DiscoveryEntry {
  return {
    apiVersion: 'internal.k1s.dev/v1',
    kind: 'DiscoveryEntry',
    metadata: { name },
    revision,
    deleted: true,
  }
}

/** Whether a stored resource is k1s' own and not an object of the API. */
export function isInternalResource(resource: string): boolean {
  return resource.endsWith('.internal.k1s.dev')
}
