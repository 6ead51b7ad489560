import {
  formatGroupVersion,
  isResourceExpired,
  type OwnerReference,
  StatusError,
  type Unstructured,
} from '@k1s/apimachinery'
import type { DiscoveredResource, ResourceKind } from '@k1s/core'
import type { BulkApi } from './bulk-api.ts'
import { exportableResources, isTransient, qualifiedName } from './exportable-resources.ts'
import { describeObject } from './object-name.ts'
import { OwnerLookup } from './owner-lookup.ts'
import { portableObject } from './portable-object.ts'
import { isSystemNamespace, isSystemObject } from './system-objects.ts'

/** One kind, in one of its versions, or one object of it. */
export interface ExportSelection {
  readonly resource: DiscoveredResource
  /** Default: the preferred version. */
  readonly version?: string
  /** Default: all objects. */
  readonly name?: string
}

export interface ExportOptions {
  /** Default: all that can be listed and created, without Events. */
  readonly selections?: readonly ExportSelection[]
  /** The one namespace from which objects are taken. Default: all, and objects of the cluster. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Also what the system makes by itself. Objects that are selected by name are exported in any case. */
  readonly system?: boolean
  /** Whether `status` is kept where it cannot be computed. Default: true. */
  readonly status?: boolean
  /** Keep uid, resourceVersion and all else that the server sets, and owner references as they are. */
  readonly keepMetadata?: boolean
  /** Objects of a request. Default: 500. */
  readonly pageSize?: number
  readonly signal?: AbortSignal
  readonly onWarning?: (text: string) => void
  readonly onProgress?: (progress: ExportProgress) => void
}

export interface ExportProgress {
  /** `items.inventory.k1s.dev` */
  readonly resource: string
  /** Objects of all resources so far. */
  readonly exported: number
  /** Objects that the system makes by itself and that were left out. */
  readonly leftOut: number
  /** Of this resource, where the server says it. */
  readonly remaining: number | undefined
}

export interface ExportedObject {
  readonly resource: DiscoveredResource
  readonly object: Unstructured
}

const defaultPageSize = 500

/**
 * The objects of a store or cluster as they can be created elsewhere, kind by kind, in an order in which they can be
 * created and that is always the same. Lists are read in pages, so that memory does not grow with them; all pages of a
 * resource are of one revision.
 *
 * A reference to an owner that is there loses its uid, and so names the owner that goes by this name wherever the object
 * is imported. A reference to an owner that is gone keeps it, with a warning.
 *
 * Errors are those of the requests; Expired, if the server forgot the revision of a list before its last page.
 */
export async function* exportObjects(
  api: BulkApi,
  options: ExportOptions = {},
): AsyncGenerator<ExportedObject, void, undefined> {
  const discovered = await api.transport.discover(api.tenant ?? 'default')
  const owners = new OwnerLookup(api, discovered)
  const progress = { exported: 0, leftOut: 0 }
  for (const selection of options.selections ?? everything(discovered, options.namespace)) {
    const { resource, name } = selection
    const isNamed = name !== undefined
    for await (const page of pagesOf(api, selection, options)) {
      const wanted = page.items.filter(
        (object) => options.system || isNamed || !belongsToSystem(resource, object, options.namespace),
      )
      const objects = await Promise.all(wanted.map((object) => exported(object, resource, owners, options)))
      for (const object of objects) yield { resource, object }
      progress.exported += wanted.length
      progress.leftOut += page.items.length - wanted.length
      options.onProgress?.({ resource: qualifiedName(resource), ...progress, remaining: page.remaining })
    }
  }
}

/** Whoever names a namespace means all that is in it, also if it is one of the system's. */
function belongsToSystem(
  resource: DiscoveredResource,
  object: Unstructured,
  namespace: string | undefined,
): boolean {
  const inSystem = namespace === undefined && isSystemNamespace(object.metadata.namespace ?? '')
  return inSystem || isSystemObject(resource, object)
}

/**
 * What is exported unless somebody says more: all that a user owns, without Events. Of one namespace, also the Namespace
 * itself, so that its content can be created.
 */
export function everything(discovered: readonly DiscoveredResource[], namespace?: string): ExportSelection[] {
  const resources = exportableResources(discovered).filter((resource) => !isTransient(resource))
  if (namespace === undefined) return resources.map((resource) => ({ resource }))
  return resources.flatMap((resource): ExportSelection[] => {
    if (resource.namespaced) return [{ resource }]
    const isOwn = resource.group === '' && resource.name === 'namespaces' && namespace !== 'default'
    return isOwn ? [{ resource, name: namespace }] : []
  })
}

interface Page {
  readonly items: readonly Unstructured[]
  readonly remaining: number | undefined
}

async function* pagesOf(
  { client }: BulkApi,
  { resource, version = resource.versions[0]!, name }: ExportSelection,
  options: ExportOptions,
): AsyncGenerator<Page, void, undefined> {
  const { group, kind, name: plural, namespaced } = resource
  const mapping: ResourceKind = { group, version, kind, plural, namespaced }
  const { namespace, labelSelector, fieldSelector, pageSize = defaultPageSize, signal, onWarning } = options
  const call = { ...(signal !== undefined && { signal }), ...(onWarning !== undefined && { onWarning }) }
  // Items of a list of an API server do not say what they are.
  const typed = (object: Unstructured) => ({
    ...object,
    apiVersion: formatGroupVersion({ group, version }),
    kind,
  })
  if (name !== undefined) {
    const key = { name, ...(namespaced && namespace !== undefined && { namespace }) }
    yield { items: [typed(await client.get<Unstructured>(mapping, key, call))], remaining: 0 }
    return
  }
  let token: string | undefined
  let read = 0
  do {
    signal?.throwIfAborted()
    try {
      const { items, metadata } = await client.list<Unstructured>(mapping, {
        ...call,
        ...(namespaced && namespace !== undefined && { namespace }),
        ...(labelSelector && { labelSelector }),
        ...(fieldSelector && { fieldSelector }),
        limit: pageSize,
        ...(token !== undefined && { continue: token }),
      })
      token = metadata.continue || undefined
      read += items.length
      yield { items: items.map(typed), remaining: metadata.remainingItemCount }
    } catch (error) {
      throw token !== undefined && isResourceExpired(error) ? expired(error, resource, read) : error
    }
  } while (token !== undefined)
}

/** What was written is of a revision that cannot be read any more, and mixing two would be no copy of either. */
function expired(error: StatusError, resource: DiscoveredResource, read: number): StatusError {
  const message = `the list of ${qualifiedName(resource)} expired after ${read} objects, so the export is incomplete: export again with a larger --chunk-size (${error.message})`
  return new StatusError({ ...error.status, message })
}

async function exported(
  object: Unstructured,
  { group, kind }: DiscoveredResource,
  owners: OwnerLookup,
  { keepMetadata = false, status = true, onWarning }: ExportOptions,
): Promise<Unstructured> {
  const result = keepMetadata ? { ...object } : portableObject(object)
  if (!status) delete result.status
  const { ownerReferences, namespace = '', name = '' } = result.metadata
  if (keepMetadata || ownerReferences === undefined) return result
  const named = await Promise.all(
    ownerReferences.map(async (reference): Promise<Partial<OwnerReference>> => {
      const state = await owners.stateOf(reference, namespace)
      if (state === 'gone') {
        onWarning?.(
          `${describeObject({ group, kind, namespace, name })}: its owner ${reference.kind} ${JSON.stringify(reference.name)} with the uid ${reference.uid} does not exist`,
        )
      }
      if (state !== 'there') return reference
      const { uid: _, ...withoutUid } = reference
      return withoutUid
    }),
  )
  return { ...result, metadata: { ...result.metadata, ownerReferences: named as OwnerReference[] } }
}
