import { isInvalid, isNotFound, isResourceExpired, isTimeout, type Unstructured } from '@k1s/apimachinery'
import type { Change, Changes, Client, ResourceKind } from '@k1s/core'
import { earliestVersion } from '../earliest-version.ts'
import type { RequestQueue } from '../queue/request-queue.ts'
import { dispatchCreate, dispatchDelete, dispatchUpdate } from '../source/dispatch-event.ts'
import type { KindSource } from '../source/source.ts'
import { isState } from './state-store.ts'

/** The name of a kind's resource, by which states know it. */
export function resourceOf({ group, plural }: ResourceKind): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** What a resource's version in one namespace is known by, where a manager has several: each is watched on its own. */
export function resourceIn(resource: string, namespace: string): string {
  return `${resource}/${namespace}`
}

/** What to look at: `namespaces` undefined is all. */
export interface ReplayOptions {
  readonly client: Client
  readonly namespaces: readonly string[] | undefined
  readonly signal: AbortSignal
}

/** What a replay came to. */
export interface Replayed {
  /** Where the next one begins. */
  readonly resourceVersion: string
  /** How many events there were, with those that no predicate lets through. */
  readonly events: number
}

/**
 * Hands to a source's handler what happened to its objects since a resourceVersion; without one, or when that is forgotten or
 * not of this store, all objects as of an initial list. Every event counts: a reconcile, also one of a process that was killed
 * then, may have seen what has been undone since.
 */
export async function replay(
  source: KindSource,
  since: string | undefined,
  queue: RequestQueue,
  options: ReplayOptions,
): Promise<Replayed> {
  const changes = since === undefined ? undefined : await eventsSince(source.kind, since, options)
  if (changes !== undefined) {
    const told = changes.changes.filter(({ object }) => !isState(source.kind, object))
    for (const change of told) await dispatch(source, change, queue)
    return { resourceVersion: changes.resourceVersion, events: told.length }
  }
  const list = await currentObjects(source.kind, options)
  const told = list.items.filter((object) => !isState(source.kind, object))
  for (const object of told) await dispatchCreate(source, object, true, queue)
  return { resourceVersion: list.resourceVersion, events: told.length }
}

/** What became of the objects of a kind. Undefined if nobody can tell any more. */
export function changesSince(
  kind: ResourceKind,
  resourceVersion: string,
  options: ReplayOptions,
): Promise<Changes | undefined> {
  return readChanges(kind, resourceVersion, options, false)
}

/** What happened to the objects of a kind, what was undone since as well. Undefined if nobody can tell any more. */
export function eventsSince(
  kind: ResourceKind,
  resourceVersion: string,
  options: ReplayOptions,
): Promise<Changes | undefined> {
  return readChanges(kind, resourceVersion, options, true)
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

/** All objects of a kind, and the version they are of. */
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

/** A list is not found if its kind is not installed, and does not say which: `meta.NoKindMatchError` does. */
function namingKind({ group, version, kind }: ResourceKind, error: unknown): unknown {
  if (!isNotFound(error)) return error
  const apiVersion = group === '' ? version : `${group}/${version}`
  return new Error(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`, {
    cause: error,
  })
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
