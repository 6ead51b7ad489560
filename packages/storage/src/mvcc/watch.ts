import type { KubernetesObject, Status, StatusError, WatchEvent } from '@k1s/apimachinery'
import type { Engine } from '../engine.ts'
import type { StorageKey, StoragePrefix, StorageWatchOptions } from '../interface.ts'
import { newTooLargeResourceVersion, newWatchExpired } from '../storage-error.ts'
import { apiObjectVersioner } from '../versioner.ts'
import { decodeState } from './decode.ts'
import { keyOfState } from './layout.ts'
import type { LogEntry, LogTail } from './log-tail.ts'
import { readMeta } from './meta.ts'
import { readStates } from './read-states.ts'

export interface WatchSource {
  engine: Engine
  tail: LogTail
  /** Milliseconds. */
  bookmarkInterval: number
}

/** How many objects of the initial state are decoded at a time. */
const initialPage = 500
/** A writer that is killed between its commit and its signal is noticed after this time, in milliseconds. */
const lookAround = 1000

/**
 * Events of the log below a prefix, pulled by the caller: a position is all that a slow one costs.
 * `k8s.io/apiserver/pkg/storage/etcd3/watcher.go`.
 */
export async function* watchObjects<T extends KubernetesObject>(
  source: WatchSource,
  prefix: StoragePrefix | StorageKey,
  options: StorageWatchOptions<T>,
): AsyncGenerator<WatchEvent<T>, void, void> {
  const { signal, sendInitialEvents } = options
  const asked = apiObjectVersioner.parseResourceVersion(options.resourceVersion)
  if (signal?.aborted) return
  const { revision, compactRevision } = source.engine.read((reader) => readMeta(reader, source.engine))
  if (asked > revision) {
    yield failure(newTooLargeResourceVersion(asked, revision))
    return
  }
  let position = asked
  if (sendInitialEvents === true || (sendInitialEvents === undefined && asked === 0)) {
    position = revision
    if (!(yield* initialEvents(source.engine, prefix, options, revision))) return
    if (sendInitialEvents === true) yield bookmark(revision, true)
  } else if (asked === 0) position = revision
  else if (asked < compactRevision) {
    yield failure(newWatchExpired(asked, compactRevision))
    return
  }
  yield* changes(source, prefix, options, position)
}

/** The objects of a revision as ADDED events. False if that is the end of the watch. */
async function* initialEvents<T extends KubernetesObject>(
  engine: Engine,
  prefix: string,
  options: StorageWatchOptions<T>,
  revision: number,
): AsyncGenerator<WatchEvent<T>, boolean, void> {
  let start: string | undefined = prefix
  while (start !== undefined) {
    const from: string = start
    const page = engine.read((reader) => {
      const meta = readMeta(reader, engine)
      if (revision < meta.compactRevision) return { error: newWatchExpired(revision, meta.compactRevision) }
      const objects: T[] = []
      const query = { prefix, start: from, revision, current: meta.revision, now: Date.now() }
      for (const { key, state } of readStates(reader, query)) {
        if (objects.length === initialPage) return { objects, next: keyOfState(key) }
        objects.push(decodeState<T>(prefix, state))
      }
      return { objects, next: undefined }
    })
    if (page.error !== undefined) {
      yield failure(page.error)
      return false
    }
    for (const object of page.objects) {
      if (options.signal?.aborted) return false
      if (options.predicate === undefined || options.predicate(object)) yield { type: 'ADDED', object }
    }
    start = page.next
  }
  return options.signal?.aborted !== true
}

async function* changes<T extends KubernetesObject>(
  { tail, bookmarkInterval }: WatchSource,
  prefix: string,
  { signal, predicate, allowWatchBookmarks = false }: StorageWatchOptions<T>,
  after: number,
): AsyncGenerator<WatchEvent<T>, void, void> {
  let position = after
  let told = after
  let nextBookmark = Date.now() + bookmarkInterval
  while (!signal?.aborted) {
    const { entries, revision, compactRevision } = tail.read(position)
    if (entries.length === 0 && position < compactRevision) {
      yield failure(newWatchExpired(position, compactRevision))
      return
    }
    for (const entry of entries) {
      if (!covers(prefix, entry.key)) continue
      const event = eventOf(entry, predicate)
      if (event === undefined) continue
      told = entry.revision
      yield event
      if (signal?.aborted) return
    }
    position = revision
    if (allowWatchBookmarks && Date.now() >= nextBookmark) {
      if (told < position) yield bookmark(position, false)
      told = position
      nextBookmark = Date.now() + bookmarkInterval
    }
    if (entries.length > 0) continue
    await tail.wait(
      position,
      allowWatchBookmarks ? Math.min(lookAround, bookmarkInterval) : lookAround,
      signal,
    )
  }
}

function covers(prefix: string, key: string): boolean {
  return key.startsWith(prefix) && (prefix.endsWith('/') || key.length === prefix.length)
}

function eventOf<T extends KubernetesObject>(
  entry: LogEntry,
  predicate: ((object: T) => boolean) | undefined,
): WatchEvent<T> | undefined {
  if (predicate === undefined) {
    if (entry.isDeletion) return { type: 'DELETED', object: entry.previous<T>() }
    return { type: entry.isCreation ? 'ADDED' : 'MODIFIED', object: entry.object<T>() }
  }
  const matched = !entry.isCreation && predicate(entry.peekPrevious())
  const matches = !entry.isDeletion && predicate(entry.peek())
  if (matches) return { type: matched ? 'MODIFIED' : 'ADDED', object: entry.object<T>() }
  return matched ? { type: 'DELETED', object: entry.previous<T>() } : undefined
}

/** The store does not know the kind of what it holds: apiVersion and kind are left empty. */
function bookmark<T extends KubernetesObject>(revision: number, endsInitialEvents: boolean): WatchEvent<T> {
  const annotations = endsInitialEvents ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : undefined
  const object: KubernetesObject = {
    apiVersion: '',
    kind: '',
    metadata: { resourceVersion: String(revision), ...annotations },
  }
  return { type: 'BOOKMARK', object: object as T }
}

function failure(error: StatusError): { type: 'ERROR'; object: Status } {
  return { type: 'ERROR', object: error.status }
}
