import type { KubernetesObject } from '@k1s/apimachinery'
import type { Engine } from '../engine.ts'
import { decodeObject } from './decode.ts'
import { decodeLog, jsonTextOf, type LogType, logKey, logType, revisionOfLogKey } from './layout.ts'
import { readMeta } from './meta.ts'

/** How many entries are decoded at a time, and how many bytes of them at most are kept for other watchers. */
const pageEntries = 256
const keptEntries = 1024
const keptBytes = 4 * 1024 * 1024

/** Entries of the log from a position on, up to `revision`. */
export interface LogPage {
  entries: readonly LogEntry[]
  /** The revision up to which the entries tell everything. */
  revision: number
  compactRevision: number
}

/**
 * The end of the log as watchers read it. Recent entries are decoded once for all watchers of the process; one
 * that is further behind reads the log itself.
 */
export class LogTail {
  readonly #engine: Engine
  /** Consecutive revisions. */
  #recent: LogEntry[] = []
  #recentBytes = 0
  readonly #waiting = new Set<() => void>()
  #unsubscribe: (() => void) | undefined
  #isClosed = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** The store is being closed: watches end, and nothing can be read any more. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** What was written after a revision: nothing if that is the newest one. */
  read(after: number): LogPage {
    return this.#engine.read((reader) => {
      const { revision, compactRevision } = readMeta(reader, this.#engine)
      const first = this.#recent[0]
      const last = this.#recent.at(-1)
      if (after >= revision) return { entries: [], revision: after, compactRevision }
      if (first !== undefined && last !== undefined && after + 1 >= first.revision && after < last.revision) {
        const entries = this.#recent.slice(
          after + 1 - first.revision,
          after + 1 - first.revision + pageEntries,
        )
        return { entries, revision: entries.at(-1)!.revision, compactRevision }
      }
      if (after < compactRevision) return { entries: [], revision: after, compactRevision }
      const entries: LogEntry[] = []
      const range = reader.range({
        gte: logKey(after + 1),
        lt: logKey(revision + 1),
        limit: pageEntries,
        volatile: true,
      })
      for (const { key, value } of range) entries.push(new LogEntry(revisionOfLogKey(key), value))
      if (last === undefined || last.revision === after || revision - after <= pageEntries)
        this.#keep(entries)
      return { entries, revision: entries.at(-1)?.revision ?? revision, compactRevision }
    })
  }

  /**
   * Resolves when there may be entries after a revision, or after `timeout` milliseconds, or when the signal
   * aborts, or when the store is closed. Keeps the process alive meanwhile.
   */
  wait(after: number, timeout: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(), timeout)
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        this.#waiting.delete(done)
        resolve()
      }
      this.#waiting.add(done)
      this.#subscribe()
      signal?.addEventListener('abort', done, { once: true })
      // A commit between the caller's read and the subscription is not signalled to it.
      if (signal?.aborted || this.#engine.read((reader) => readMeta(reader, this.#engine).revision) > after)
        done()
    })
  }

  close(): void {
    this.#isClosed = true
    this.#unsubscribe?.()
    for (const done of [...this.#waiting]) done()
  }

  #subscribe(): void {
    this.#unsubscribe ??= this.#engine.onCommit(() => {
      for (const done of [...this.#waiting]) done()
    })
  }

  #keep(entries: readonly LogEntry[]): void {
    const next = entries[0]?.revision
    if (next === undefined) return
    if (this.#recent.at(-1)?.revision !== next - 1) {
      this.#recent = []
      this.#recentBytes = 0
    }
    for (const entry of entries) {
      this.#recent.push(entry)
      this.#recentBytes += entry.bytes
    }
    if (this.#recent.length <= keptEntries * 2 && this.#recentBytes <= keptBytes * 2) return
    let drop = 0
    while (this.#recent.length - drop > keptEntries || this.#recentBytes > keptBytes) {
      this.#recentBytes -= this.#recent[drop++]!.bytes
    }
    this.#recent = this.#recent.slice(drop)
  }
}

/** One write of the log, decoded as far as somebody asked. */
export class LogEntry {
  readonly revision: number
  readonly type: LogType
  readonly key: string
  readonly bytes: number
  readonly #text: string
  readonly #previous: Buffer
  #previousText: string | undefined
  #shared: KubernetesObject | undefined
  #sharedPrevious: KubernetesObject | undefined

  /** Keeps nothing of `record` itself. */
  constructor(revision: number, record: Uint8Array) {
    const { type, key, value, previous } = decodeLog(record)
    this.revision = revision
    this.type = type
    this.key = key
    this.bytes = record.byteLength
    this.#text = value.toString('utf8')
    this.#previous = previous.length === 0 ? previous : Buffer.from(previous)
  }

  get isDeletion(): boolean {
    return this.type === logType.deleted
  }

  get isCreation(): boolean {
    return this.type === logType.created
  }

  /** The object as written, for the caller alone. */
  object<T extends KubernetesObject>(): T {
    return decodeObject(this.key, this.#text, String(this.revision))
  }

  /** The object that was replaced or removed, with the revision of this entry, for the caller alone. */
  previous<T extends KubernetesObject>(): T {
    this.#previousText ??= jsonTextOf(this.#previous)
    return decodeObject(this.key, this.#previousText, String(this.revision))
  }

  /** Like `object`, to be looked at only. */
  peek<T extends KubernetesObject>(): T {
    this.#shared ??= this.object()
    return this.#shared as T
  }

  /** Like `previous`, to be looked at only. */
  peekPrevious<T extends KubernetesObject>(): T {
    this.#sharedPrevious ??= this.previous()
    return this.#sharedPrevious as T
  }
}
