import { setImmediate as nextTurn } from 'node:timers/promises'
import type { KubernetesObject } from '@k1s/apimachinery'
import type { Engine, EngineReader } from '../engine.ts'
import type { StorageChange, StorageChanges, StorageChangesOptions, StoragePrefix } from '../interface.ts'
import { newTooLargeResourceVersion, newWatchExpired } from '../storage-error.ts'
import { resourcePrefixOf } from '../storage-key.ts'
import { apiObjectVersioner } from '../versioner.ts'
import { decodeObject, decodeState } from './decode.ts'
import {
  decodeLog,
  decodeStats,
  jsonOf,
  type LogRecord,
  logKey,
  logType,
  revisionOfLogKey,
  statsKey,
} from './layout.ts'
import { readMeta } from './meta.ts'

/** How many records are read before other work of the process, and other snapshots, get their turn. */
const recordsPerTurn = 1000

/**
 * What became of the objects below a prefix since a revision: the events of a watch from there, one object's put together.
 * It is read from the log, so that it costs what was written meanwhile, and a point read or two if that is nothing.
 */
export async function readChanges<T extends KubernetesObject>(
  engine: Engine,
  prefix: StoragePrefix,
  { resourceVersion, predicate, everyEvent = false, signal }: StorageChangesOptions<T>,
): Promise<StorageChanges<T>> {
  signal?.throwIfAborted()
  const since = apiObjectVersioner.parseResourceVersion(resourceVersion)
  const { revision, end } = engine.read((reader) => {
    const meta = readMeta(reader, engine)
    if (since > meta.revision) throw newTooLargeResourceVersion(since, meta.revision)
    const { lastRevision } = decodeStats(reader.get(statsKey(resourcePrefixOf(prefix))))
    return { revision: meta.revision, end: lastRevision }
  })
  const collected: ChangeCollector<T> = everyEvent
    ? new EveryEvent<T>(prefix, predicate)
    : new CollectedChanges<T>(prefix, predicate)
  let position = since
  while (position < end) {
    if (position > since) {
      await nextTurn()
      signal?.throwIfAborted()
    }
    position = engine.read((reader) => {
      const { compactRevision } = readMeta(reader, engine)
      if (position < compactRevision) throw newWatchExpired(since, compactRevision)
      return readPage(reader, position, end, collected)
    })
  }
  return { resourceVersion: String(revision), changes: collected.changes() }
}

/** Returns the revision that was read last. */
function readPage<T extends KubernetesObject>(
  reader: EngineReader,
  after: number,
  last: number,
  collected: ChangeCollector<T>,
): number {
  const end = Math.min(after + recordsPerTurn, last)
  for (const { key, value } of reader.range({
    gte: logKey(after + 1),
    lt: logKey(end + 1),
    volatile: true,
  })) {
    collected.add(revisionOfLogKey(key), decodeLog(value))
  }
  return end
}

interface ChangeCollector<T extends KubernetesObject> {
  /** Takes the records in the order of their revisions, and keeps none of their memory. */
  add(revision: number, record: LogRecord): void
  changes(): StorageChange<T>[]
}

class EveryEvent<T extends KubernetesObject> implements ChangeCollector<T> {
  readonly #prefix: string
  readonly #matches: (object: T) => boolean
  readonly #changes: StorageChange<T>[] = []

  constructor(prefix: string, predicate: (object: T) => boolean = () => true) {
    this.#prefix = prefix
    this.#matches = predicate
  }

  add(revision: number, { type, key, value, previous: before }: LogRecord): void {
    if (!key.startsWith(this.#prefix)) return
    const previous = type === logType.created ? undefined : decodeState<T>(key, before)
    const isDeletion = type === logType.deleted
    const json = isDeletion ? jsonOf(before) : value
    const object = decodeObject<T>(key, json.toString(), String(revision))
    const matched = previous !== undefined && this.#matches(previous)
    const matches = !isDeletion && this.#matches(object)
    if (matched && matches) this.#changes.push({ type: 'MODIFIED', object, previous })
    else if (matches) this.#changes.push({ type: 'ADDED', object })
    else if (matched) {
      const last = decodeObject<T>(key, jsonOf(before).toString(), String(revision))
      this.#changes.push({ type: 'DELETED', object: last })
    }
  }

  changes(): StorageChange<T>[] {
    return this.#changes
  }
}

/** One object between its creation and its removal. */
interface Life {
  readonly key: string
  /** The state record to begin with, if it was there and matched. */
  readonly before: Buffer | undefined
  /** Whether it is there and matches. */
  isPresent: boolean
  /** The JSON when it last matched, and the revision of the write that made or ended that; 0 if it was never seen to. */
  json: Buffer
  revision: number
}

class CollectedChanges<T extends KubernetesObject> implements ChangeCollector<T> {
  readonly #prefix: string
  readonly #predicate: ((object: T) => boolean) | undefined
  /** Of objects that are there, by key. */
  readonly #lives = new Map<string, Life>()
  /** Of objects that were there to begin with, and are gone. */
  readonly #ended: Life[] = []

  constructor(prefix: string, predicate: ((object: T) => boolean) | undefined) {
    this.#prefix = prefix
    this.#predicate = predicate
  }

  add(revision: number, record: LogRecord): void {
    if (!record.key.startsWith(this.#prefix)) return
    const life = this.#lives.get(record.key) ?? this.#begin(record)
    const isDeletion = record.type === logType.deleted
    if (!isDeletion && this.#matches(record.key, record.value)) {
      life.isPresent = true
      life.json = Buffer.from(record.value)
      life.revision = revision
    } else if (life.isPresent) {
      life.isPresent = false
      life.json = Buffer.from(jsonOf(record.previous))
      life.revision = revision
    }
    if (!isDeletion) return
    this.#lives.delete(record.key)
    if (life.before !== undefined) this.#ended.push(life)
  }

  changes(): StorageChange<T>[] {
    const lives = [...this.#ended, ...this.#lives.values()]
    return lives
      .flatMap((life) => changeOf<T>(life) ?? [])
      .sort(byRevision)
      .map(({ change }) => change)
  }

  #begin({ type, key, previous }: LogRecord): Life {
    const wasPresent = type !== logType.created && this.#matches(key, jsonOf(previous))
    const before = wasPresent ? Buffer.from(previous) : undefined
    const life = { key, before, isPresent: wasPresent, json: nothing, revision: 0 }
    this.#lives.set(key, life)
    return life
  }

  #matches(key: string, json: Buffer): boolean {
    if (this.#predicate === undefined) return true
    return this.#predicate(decodeObject<T>(key, json.toString(), ''))
  }
}

const nothing = Buffer.alloc(0)

interface DatedChange<T extends KubernetesObject> {
  readonly revision: number
  readonly change: StorageChange<T>
}

function changeOf<T extends KubernetesObject>(life: Life): DatedChange<T> | undefined {
  const { key, before, isPresent, json, revision } = life
  if (before === undefined && !isPresent) return undefined
  const object = decodeObject<T>(key, json.toString(), String(revision))
  if (!isPresent) return { revision, change: { type: 'DELETED', object } }
  if (before === undefined) return { revision, change: { type: 'ADDED', object } }
  return { revision, change: { type: 'MODIFIED', object, previous: decodeState<T>(key, before) } }
}

function byRevision(a: { revision: number }, b: { revision: number }): number {
  return a.revision - b.revision
}
