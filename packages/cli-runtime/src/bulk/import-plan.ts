import { isForbidden, isNotFound, type OwnerReference } from '@k1s/apimachinery'
import type { BulkApi } from './bulk-api.ts'
import { forEachAtOnce } from './for-each-at-once.ts'
import type { ImportOptions } from './import-options.ts'
import { ImportProblem } from './import-refused-error.ts'
import { wavesOf } from './import-waves.ts'
import { KindCatalog } from './kind-catalog.ts'
import { describeObject, keyOf, type ObjectName, ownerNames } from './object-name.ts'
import { OwnerLookup } from './owner-lookup.ts'
import type { PlannedObject, PlannedOwner } from './planned-object.ts'
import { type Draft, readDrafts } from './read-drafts.ts'
import type { Manifest } from './read-manifests.ts'

/** What is to be created, and in which order. */
export interface ImportPlan {
  readonly objects: readonly PlannedObject[]
  readonly waves: readonly (readonly PlannedObject[])[]
  /** What keeps the import from being complete, or from being what somebody wants. */
  readonly problems: readonly ImportProblem[]
}

/**
 * Reads everything, finds kinds, namespaces and owners, and sorts. Nothing is written. Problems are collected, so that
 * all of them can be told at once; what cannot be read at all is thrown.
 */
export async function planImport(
  api: BulkApi,
  manifests: AsyncIterable<Manifest> | Iterable<Manifest>,
  options: ImportOptions & { readonly parallel: number },
): Promise<ImportPlan> {
  const discovered = await api.transport.discover(api.tenant ?? 'default')
  const problems: ImportProblem[] = []
  const drafts = await readDrafts(manifests, new KindCatalog(discovered), options, problems)
  const objects = new ObjectsByName()
  const planned = drafts.flatMap((draft) => objects.add(draft, problems) ?? [])

  const lookup = new OwnerLookup(api, discovered)
  await forEachAtOnce(planned, options.parallel, async (pair) => {
    for (const reference of pair.draft.references) {
      const owner = await findOwner(pair, reference, objects, lookup)
      pair.object.owners.push(
        ...(owner === undefined ? missingOwner(pair.object, reference, options, problems) : [owner]),
      )
    }
  })
  for (const { object } of planned) object.requires.push(...objects.requiredBy(object))
  problems.push(...(await missingNamespaces(api, objects, options.parallel)))
  const waves = wavesOf(objects.all, (dependent, owner) => {
    options.onWarning?.(
      `${describeObject(dependent)} and ${describeObject(owner.imported!)} own each other: the one learns of the other once both are there`,
    )
  })
  return { objects: objects.all, waves, problems }
}

interface Planned {
  readonly draft: Draft
  readonly object: PlannedObject
}

/** The objects of an import, by what references say of them. */
class ObjectsByName {
  readonly #objects = new Map<string, Planned>()
  readonly #byUid = new Map<string, Planned>()

  get all(): PlannedObject[] {
    return [...this.#objects.values()].map(({ object }) => object)
  }

  add(draft: Draft, problems: ImportProblem[]): Planned | undefined {
    const { mapping, namespace, name, source, text, uid } = draft
    const { group, kind } = mapping
    const object = { group, kind, namespace, name, mapping, source, text, owners: [], requires: [] }
    const twin = this.#objects.get(keyOf(object))
    if (twin !== undefined) {
      const sources = `${JSON.stringify(twin.object.source)} and in ${JSON.stringify(source)}`
      problems.push(new ImportProblem('Invalid', `${describeObject(object)} is in ${sources}`))
      return undefined
    }
    const planned: Planned = { draft, object }
    this.#objects.set(keyOf(object), planned)
    if (uid !== undefined) this.#byUid.set(uid, planned)
    return planned
  }

  has(name: ObjectName): boolean {
    return this.#objects.has(keyOf(name))
  }

  /** Undefined if there is no such owner; `other` if what goes by its name is another object. */
  ownerOf(reference: OwnerReference, namespace: string): PlannedObject | 'other' | undefined {
    const bound = reference.uid ? this.#byUid.get(reference.uid) : undefined
    if (bound !== undefined) return bound.object
    for (const name of ownerNames(reference, namespace)) {
      const named = this.#objects.get(keyOf(name))
      if (named === undefined) continue
      return reference.uid && named.draft.uid !== undefined ? 'other' : named.object
    }
    return undefined
  }

  requiredBy({ mapping, namespace }: PlannedObject): PlannedObject[] {
    const names: ObjectName[] = namespace === '' ? [] : [namespaceName(namespace)]
    if (mapping.definition !== undefined) names.push(mapping.definition)
    return names.flatMap((name) => this.#objects.get(keyOf(name))?.object ?? [])
  }
}

function namespaceName(name: string): ObjectName {
  return { group: '', kind: 'Namespace', namespace: '', name }
}

async function findOwner(
  { object }: Planned,
  reference: OwnerReference,
  objects: ObjectsByName,
  lookup: OwnerLookup,
): Promise<PlannedOwner | undefined> {
  const imported = objects.ownerOf(reference, object.namespace)
  if (imported === 'other') return undefined
  if (imported !== undefined) return { reference, imported }
  const uid = await lookup.uidOf(reference, object.namespace)
  return uid ? { reference, uid } : undefined
}

/** The reference that the object gets in spite of that, if it gets one. */
function missingOwner(
  object: PlannedObject,
  reference: OwnerReference,
  { missingOwners = 'fail', onWarning }: ImportOptions,
  problems: ImportProblem[],
): PlannedOwner[] {
  const { kind, name, uid } = reference
  const missing = `${describeObject(object)}: its owner ${kind} ${JSON.stringify(name)} is neither imported nor there`
  if (missingOwners === 'drop') {
    onWarning?.(`${missing}, and it is imported without it`)
    return []
  }
  if (missingOwners === 'keep' && uid) return [{ reference, uid }]
  const why = missingOwners === 'keep' ? ', and the reference has no uid that could be kept' : ''
  problems.push(new ImportProblem('NoOwner', `${missing}${why}`))
  return []
}

/** Of the namespaces with which everything starts; a tenant gets its own with the first object that is created in it. */
function isAlwaysThere(namespace: string): boolean {
  return namespace === '' || namespace === 'default' || namespace === 'kube-system'
}

async function missingNamespaces(
  { client }: BulkApi,
  objects: ObjectsByName,
  parallel: number,
): Promise<ImportProblem[]> {
  const kind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false }
  const used = new Set(objects.all.map(({ namespace }) => namespace))
  const elsewhere = [...used].filter((name) => !isAlwaysThere(name) && !objects.has(namespaceName(name)))
  const missing: ImportProblem[] = []
  await forEachAtOnce(elsewhere, parallel, async (name) => {
    try {
      await client.metadata.get(kind, { name })
    } catch (error) {
      // Who may not look may still be allowed to write.
      if (isForbidden(error)) return
      if (!isNotFound(error)) throw error
      missing.push(new ImportProblem('NoNamespace', `namespaces ${JSON.stringify(name)} not found`))
    }
  })
  return missing
}
