import { isStatusError, type KubernetesObject, type StatusError } from '@k1s/apimachinery'
import type { Engine } from '../engine.ts'
import { decodeObject } from './decode.ts'
import { decodeLog, jsonTextOf, type LogType, logKey, logType, revisionOfLogKey } from './layout.ts'
import { readMeta } from './meta.ts'

/** How many entries are decoded at a time, and how many bytes of them at most are kept for other watchers. */
const pageEntries = 256
const keptEntries = 1024
const keptBytes = 4 * 1024 * 1024

/**
 * A writer that is killed between its commit and its signal is noticed after this time, in milliseconds, and so is the loss
 * of the store.
 */
export const lookAround = 1000

/** No revision that a watcher is at. */
const unknown = -1

/** Entries of the log from a position on, up to `revision`. */
export interface LogPage {
  entries: readonly LogEntry[]
  /** The revision up to which the entries tell everything. */
  revision: number
  /** Entries up to this one may be gone; 0 if nothing is missing from this page. */
  compactRevision: number
}

/**
 * The end of the log as watchers read it. Recent entries are decoded once for all watchers of the process; one
 * that is further behind reads the log itself. What a commit costs each watcher is what it costs to wake it: whether
 * there is anything new is looked at once for all.
 */
export class LogTail {
  readonly #engine: Engine
  /** Consecutive revisions. */
  #recent: LogEntry[] = []
  #recentBytes = 0
  /** The newest revision when last looked at: whatever was committed since is still to be signalled. */
  #newest = unknown
  readonly #waiting = new Set<LogWaiter>()
  #timer: NodeJS.Timeout | undefined
  /** When the timer ends, in milliseconds since the epoch. */
  #timerEnd = Number.POSITIVE_INFINITY
  #loss: StatusError | undefined
  /** When the place of the store is looked at again, in milliseconds since the epoch. */
  #nextCheck = 0
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
    const first = this.#recent[0]
    const last = this.#recent.at(-1)
    if (first !== undefined && last !== undefined && after + 1 >= first.revision && after < last.revision) {
      const start = after + 1 - first.revision
      const entries = this.#recent.slice(start, start + pageEntries)
      return { entries, revision: entries.at(-1)!.revision, compactRevision: 0 }
    }
    if (this.#unsubscribe !== undefined && after === this.#newest) {
      return { entries: [], revision: after, compactRevision: 0 }
    }
    return this.#engine.read((reader) => {
      const { revision, compactRevision } = readMeta(reader, this.#engine)
      if (after >= revision || after < compactRevision) {
        return { entries: [], revision: after, compactRevision }
      }
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
   * Resolves when there are entries after a revision, or after `timeout` milliseconds, or when the waiter is woken, or
   * when the store is closed. Keeps the process alive meanwhile.
   */
  wait(waiter: LogWaiter, after: number, timeout: number): Promise<void> {
    if (this.#isClosed || waiter.isDone) return Promise.resolve()
    if (this.#unsubscribe === undefined) {
      this.#unsubscribe = this.#engine.onCommit(() => this.#look())
      // A commit between the caller's read and the subscription is not signalled.
      this.#look()
    }
    if (after < this.#newest) return Promise.resolve()
    return new Promise((resolve) => {
      waiter.after = after
      waiter.deadline = Date.now() + timeout
      waiter.wake = () => {
        waiter.wake = undefined
        this.#waiting.delete(waiter)
        if (this.#waiting.size === 0) this.#stopTimer()
        resolve()
      }
      this.#waiting.add(waiter)
      if (waiter.deadline < this.#timerEnd) this.#startTimer(waiter.deadline)
    })
  }

  /** Why nothing will ever be heard of the store again, as found not long ago. */
  loss(): StatusError | undefined {
    const now = Date.now()
    if (now < this.#nextCheck) return this.#loss
    this.#loss = lossOf(this.#engine)
    this.#nextCheck = now + lookAround
    return this.#loss
  }

  close(): void {
    this.#isClosed = true
    this.#unsubscribe?.()
    for (const waiter of [...this.#waiting]) waiter.wake?.()
  }

  /** Wakes those for whom there is something new. If that cannot be read, all of them, who then meet the error. */
  #look(): void {
    try {
      this.#newest = this.#engine.read((reader) => readMeta(reader, this.#engine).revision)
    } catch {
      this.#newest = unknown
    }
    for (const waiter of [...this.#waiting]) {
      if (this.#newest === unknown || waiter.after < this.#newest) waiter.wake?.()
    }
  }

  #startTimer(end: number): void {
    clearTimeout(this.#timer)
    this.#timerEnd = end
    this.#timer = setTimeout(() => this.#wakeLate(), end - Date.now())
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timerEnd = Number.POSITIVE_INFINITY
  }

  #wakeLate(): void {
    this.#timerEnd = Number.POSITIVE_INFINITY
    // A commit that was not signalled is found here.
    this.#look()
    const now = Date.now()
    let next = Number.POSITIVE_INFINITY
    for (const waiter of [...this.#waiting]) {
      if (waiter.deadline <= now) waiter.wake?.()
      else next = Math.min(next, waiter.deadline)
    }
    if (this.#waiting.size > 0) this.#startTimer(next)
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

function lossOf(engine: Engine): StatusError | undefined {
  try {
    engine.checkLocation?.()
    return undefined
  } catch (error) {
    if (isStatusError(error)) return error
    throw error
  }
}

/** Someone who waits for entries again and again, until a signal aborts. */
export class LogWaiter {
  after = 0
  /** Milliseconds since the epoch. */
  deadline = 0
  /** Ends the waiting that is under way, if there is any. */
  wake: (() => void) | undefined
  readonly #signal: AbortSignal
  /** Reading it off the signal for each event is dear. */
  #isDone: boolean
  readonly #onAbort = () => {
    this.#isDone = true
    this.wake?.()
  }

  constructor(signal: AbortSignal) {
    this.#signal = signal
    this.#isDone = signal.aborted
    signal.addEventListener('abort', this.#onAbort)
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** It will not wait again. */
  leave(): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
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
