import {
  formatGroupResource,
  formatGroupVersion,
  isInvalid,
  isNotFound,
  isResourceExpired,
  isTimeout,
  quote,
  type Unstructured,
} from '@k1s/apimachinery'
import type { Change, Changes, Client, ResourceKind } from '@k1s/core'
import { earliestVersion } from '../earliest-version.ts'
import { messageOf } from '../printable-error.ts'
import type { RequestQueue } from '../queue/request-queue.ts'
import { dispatchCreate, dispatchDelete, dispatchUpdate } from '../source/dispatch-event.ts'
import type { KindSource } from '../source/source.ts'
import { isState } from './state-store.ts'

/** The name of a kind's resource, `items.inventory.k1s.dev`: the key of what is remembered of it. */
export function resourceOf({ group, plural }: ResourceKind): string {
  return formatGroupResource({ group, resource: plural })
}

/** The key of a resource in one namespace, for managers of several, which have a watch for each. */
export function resourceIn(resource: string, namespace: string): string {
  return `${resource}/${namespace}`
}

/** Which objects to look at: those of `namespaces`, or of all if that is undefined. */
export interface ReplayOptions {
  readonly client: Client
  readonly namespaces: readonly string[] | undefined
  readonly signal: AbortSignal
}

export interface Replayed {
  /** Up to which version events were handed over: the next replay begins there. */
  readonly resourceVersion: string
  /** How many events there were, including those that no predicate let through. */
  readonly events: number
}

/**
 * Hands the events of a source since a resourceVersion to its handler, as `handOver` does. Without a version, or if the server no longer has it or
 * never had it, hands over all objects, as those of an initial list. An event is handed over even if it has been undone since: a
 * reconcile, perhaps of a process that was killed, may have seen the object in between and acted on it.
 */
export async function replay(
  source: KindSource,
  since: string | undefined,
  queue: RequestQueue,
  options: ReplayOptions,
): Promise<Replayed> {
  const changes = since === undefined ? undefined : await eventsSince(source.kind, since, options)
  if (changes !== undefined) {
    for (const change of changes.changes) await handOver(source, change, queue)
    return { resourceVersion: changes.resourceVersion, events: changes.changes.length }
  }
  const list = await currentObjects(source.kind, options)
  const told = list.items.filter((object) => !isState(source.kind, object))
  for (const object of told) {
    await namingObject(source, object, () => dispatchCreate(source, object, true, queue))
  }
  return { resourceVersion: list.resourceVersion, events: told.length }
}

/**
 * How the objects of a kind differ from those at a resourceVersion: one change for each object. Undefined if the server does not
 * have that version.
 */
export function changesSince(
  kind: ResourceKind,
  resourceVersion: string,
  options: ReplayOptions,
): Promise<Changes | undefined> {
  return readChanges(kind, resourceVersion, options, false)
}

/**
 * All events of a kind since a resourceVersion that controllers are told of; over HTTP, where nobody can tell them, one change for
 * each object. Undefined if the server does not have that version.
 */
export async function eventsSince(
  kind: ResourceKind,
  resourceVersion: string,
  options: ReplayOptions,
): Promise<Changes | undefined> {
  const found = await readChanges(kind, resourceVersion, options, true)
  return found && { ...found, changes: found.changes.filter(({ object }) => !isState(kind, object)) }
}

async function readChanges(
  kind: ResourceKind,
  resourceVersion: string,
  options: ReplayOptions,
  everyEvent: boolean,
): Promise<Changes | undefined> {
  const { client, signal } = options
  try {
    const parts = await Promise.all(
      namespacesOf(kind, options).map((namespace) =>
        client.changes<Unstructured>(kind, {
          resourceVersion,
          everyEvent,
          signal,
          ...(namespace !== undefined && { namespace }),
        }),
      ),
    )
    return {
      changes: parts.flatMap(({ changes }) => changes),
      resourceVersion: earliestVersion(parts.map((part) => part.resourceVersion)),
    }
  } catch (error) {
    // Forgotten, of the future (a store that was replaced), or no version of this server at all.
    if (isResourceExpired(error) || isTimeout(error) || isInvalid(error)) return undefined
    throw namingKind(kind, error)
  }
}

/** All objects of a kind, and the resourceVersion of the list. */
export async function currentObjects(kind: ResourceKind, options: ReplayOptions) {
  const { client, signal } = options
  const lists = await Promise.all(
    namespacesOf(kind, options).map((namespace) =>
      client.list<Unstructured>(kind, { signal, ...(namespace !== undefined && { namespace }) }),
    ),
  ).catch((error) => {
    throw namingKind(kind, error)
  })
  return {
    items: lists.flatMap(({ items }) => items),
    resourceVersion: earliestVersion(lists.map(({ metadata }) => metadata.resourceVersion ?? '0')),
  }
}

/** Where to look for a kind; undefined is everywhere. */
function namespacesOf({ namespaced }: ResourceKind, { namespaces }: ReplayOptions) {
  return namespaced && namespaces !== undefined ? namespaces : [undefined]
}

/** A list is NotFound if its kind is not installed, without a word on which kind. Its Error has the text of `meta.NoKindMatchError`. */
function namingKind(kind: ResourceKind, error: unknown): unknown {
  if (!isNotFound(error)) return error
  const message = `no matches for kind ${quote(kind.kind)} in version ${quote(formatGroupVersion(kind))}`
  return new Error(message, { cause: error })
}

/** Hands an event to the handler of a source. Throws an Error that names the object, with what the handler throws as its cause. */
export function handOver(
  source: KindSource,
  change: Change<Unstructured>,
  queue: RequestQueue,
): Promise<void> {
  return namingObject(source, change.object, () => dispatch(source, change, queue))
}

function dispatch(source: KindSource, change: Change<Unstructured>, queue: RequestQueue): Promise<void> {
  switch (change.type) {
    case 'ADDED':
      return dispatchCreate(source, change.object, false, queue)
    case 'MODIFIED':
      return dispatchUpdate(source, change.previous, change.object, queue)
    case 'DELETED':
      return dispatchDelete(source, change.object, false, queue)
  }
}

async function namingObject(
  { kind: { kind } }: KindSource,
  { metadata: { namespace, name = '' } }: Unstructured,
  handle: () => Promise<void>,
): Promise<void> {
  try {
    await handle()
  } catch (error) {
    const key = namespace === undefined ? name : `${namespace}/${name}`
    throw new Error(`failed to handle ${kind} ${key}: ${messageOf(error)}`, { cause: error })
  }
}
