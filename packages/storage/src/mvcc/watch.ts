import type { Clock, KubernetesObject, Status, StatusError, WatchEvent } from '@k1s/apimachinery'
import type { Engine } from '../engine.ts'
import type { StorageKey, StoragePrefix, StorageWatchOptions } from '../interface.ts'
import { newTooLargeResourceVersion, newWatchExpired } from '../storage-error.ts'
import { apiObjectVersioner } from '../versioner.ts'
import { decodeState } from './decode.ts'
import { flattenPages } from './flatten-pages.ts'
import { keyOfState } from './layout.ts'
import { type LogEntry, type LogTail, LogWaiter, lookAround } from './log-tail.ts'
import { readMeta } from './meta.ts'
import { readStates } from './read-states.ts'

export interface WatchSource {
  engine: Engine
  tail: LogTail
  /** Tells what has expired. */
  clock: Clock
  /** Milliseconds. */
  bookmarkInterval: number
}

/** How many objects of the initial state are decoded at a time. */
const initialPage = 500

/**
 * Events of the log below a prefix, pulled by the caller: a position is all that a slow one costs.
 * `k8s.io/apiserver/pkg/storage/etcd3/watcher.go`.
 */
export function watchObjects<T extends KubernetesObject>(
  source: WatchSource,
  prefix: StoragePrefix | StorageKey,
  options: StorageWatchOptions<T>,
): AsyncIterableIterator<WatchEvent<T>> {
  const left = new AbortController()
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal])
  return flattenPages(watchPages(source, prefix, { ...options, signal }), () => left.abort())
}

type WatchPages<T extends KubernetesObject, R = void> = AsyncGenerator<Iterable<WatchEvent<T>>, R, void>
type Options<T extends KubernetesObject> = StorageWatchOptions<T> & { signal: AbortSignal }

async function* watchPages<T extends KubernetesObject>(
  source: WatchSource,
  prefix: string,
  options: Options<T>,
): WatchPages<T> {
  const { signal, sendInitialEvents } = options
  const asked = apiObjectVersioner.parseResourceVersion(options.resourceVersion)
  if (signal.aborted) return
  const { revision, compactRevision } = source.engine.read((reader) => readMeta(reader, source.engine))
  let position = asked
  if (sendInitialEvents === true || (sendInitialEvents === undefined && asked === 0)) {
    if (asked > revision) {
      yield [failure(newTooLargeResourceVersion(asked, revision))]
      return
    }
    position = revision
    if (!(yield* initialEvents(source, prefix, options, revision))) return
    if (sendInitialEvents === true) yield [bookmark(revision, true)]
  } else if (asked === 0) position = revision
  else if (asked < compactRevision) {
    yield [failure(newWatchExpired(asked, compactRevision))]
    return
  }
  yield* changes(source, prefix, options, position)
}

/** The objects of a revision as ADDED events. False if that is the end of the watch. */
async function* initialEvents<T extends KubernetesObject>(
  { engine, tail, clock }: WatchSource,
  prefix: string,
  { signal, predicate }: Options<T>,
  revision: number,
): WatchPages<T, boolean> {
  let start: string | undefined = prefix
  while (start !== undefined) {
    const from: string = start
    const page = engine.read((reader) => {
      const meta = readMeta(reader, engine)
      if (revision < meta.compactRevision) return { error: newWatchExpired(revision, meta.compactRevision) }
      const objects: T[] = []
      const query = { prefix, start: from, revision, current: meta.revision, now: clock.now() }
      for (const { entry, state } of readStates(reader, query)) {
        if (objects.length === initialPage) return { objects, next: keyOfState(entry.key) }
        objects.push(decodeState<T>(prefix, state))
      }
      return { objects, next: undefined }
    })
    if (page.error !== undefined) {
      yield [failure(page.error)]
      return false
    }
    yield added(page.objects, predicate, signal)
    if (signal.aborted || tail.isClosed) return false
    start = page.next
  }
  return true
}

function* added<T extends KubernetesObject>(
  objects: readonly T[],
  predicate: ((object: T) => boolean) | undefined,
  signal: AbortSignal,
): Generator<WatchEvent<T>, void, void> {
  for (const object of objects) {
    if (signal.aborted) return
    if (predicate === undefined || predicate(object)) yield { type: 'ADDED', object }
  }
}

async function* changes<T extends KubernetesObject>(
  { tail, bookmarkInterval }: WatchSource,
  prefix: string,
  { signal, predicate, shared = false, allowWatchBookmarks = false }: Options<T>,
  after: number,
): WatchPages<T> {
  let position = after
  let told = after
  let nextBookmark = Date.now() + bookmarkInterval
  function* eventsOf(entries: readonly LogEntry[]): Generator<WatchEvent<T>, void, void> {
    for (const entry of entries) {
      if (waiter.isDone) return
      const event = covers(prefix, entry.key) ? eventOf(entry, predicate, shared) : undefined
      if (event === undefined) continue
      told = entry.revision
      yield event
    }
  }
  const waiter = new LogWaiter(signal)
  const patience = allowWatchBookmarks ? Math.min(lookAround, bookmarkInterval) : lookAround
  try {
    while (!waiter.isDone && !tail.isClosed) {
      const { entries, revision, compactRevision } = tail.read(position)
      if (entries.length === 0 && position < compactRevision) {
        yield [failure(newWatchExpired(position, compactRevision))]
        return
      }
      if (entries.length > 0) yield eventsOf(entries)
      position = revision
      if (allowWatchBookmarks && Date.now() >= nextBookmark) {
        if (told < position) yield [bookmark(position, false)]
        told = position
        nextBookmark = Date.now() + bookmarkInterval
      }
      if (entries.length > 0) continue
      const lost = tail.loss()
      if (lost !== undefined) {
        yield [failure(lost)]
        return
      }
      await tail.wait(waiter, position, patience)
    }
  } finally {
    waiter.leave()
  }
}

function covers(prefix: string, key: string): boolean {
  return key.startsWith(prefix) && (prefix.endsWith('/') || key.length === prefix.length)
}

function eventOf<T extends KubernetesObject>(
  entry: LogEntry,
  predicate: ((object: T) => boolean) | undefined,
  shared: boolean,
): WatchEvent<T> | undefined {
  const type = eventTypeOf(entry, predicate)
  if (type === undefined) return undefined
  if (type === 'DELETED') return { type, object: shared ? entry.peekPrevious<T>() : entry.previous<T>() }
  return { type, object: shared ? entry.peek<T>() : entry.object<T>() }
}

function eventTypeOf<T extends KubernetesObject>(
  entry: LogEntry,
  predicate: ((object: T) => boolean) | undefined,
): 'ADDED' | 'MODIFIED' | 'DELETED' | undefined {
  if (predicate === undefined) return entry.isDeletion ? 'DELETED' : entry.isCreation ? 'ADDED' : 'MODIFIED'
  const matched = !entry.isCreation && predicate(entry.peekPrevious())
  const matches = !entry.isDeletion && predicate(entry.peek())
  if (matches) return matched ? 'MODIFIED' : 'ADDED'
  return matched ? 'DELETED' : undefined
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
