import type { Engine, EngineTransaction } from '../engine.ts'
import type { ResourceStats } from '../interface.ts'
import { resourcePrefixOf } from '../storage-key.ts'
import { toBuffer } from '../to-buffer.ts'
import {
  type CreationRecords,
  createRevisionOf,
  currentFormat,
  decodeStats,
  decodeTtlKey,
  encodeLog,
  encodeMeta,
  encodeStats,
  expiryOf,
  jsonOf,
  type LogType,
  logKey,
  logType,
  type Meta,
  metaKey,
  ownerKey,
  ownerRange,
  revisionOfDerived,
  setLogHeader,
  setStateHeader,
  stateKey,
  stateKeyAfter,
  statsKey,
  taskKey,
  timeOfLog,
  ttlKey,
  ttlValue,
} from './layout.ts'
import { readMeta } from './meta.ts'
import { ownersOf } from './owners.ts'

const nothing: Buffer = Buffer.alloc(0)

/** The writes of one engine transaction on state, log, ttl index and stats, always together. */
export class MvccTransaction {
  readonly #transaction: EngineTransaction
  readonly #meta: Meta
  /** Milliseconds since 1970. */
  readonly now: number
  /** The earliest time that an object written here will expire, if any will. */
  earliestExpiry = Number.POSITIVE_INFINITY
  #lastKey = ''
  #lastStateKey: Buffer = nothing

  constructor(transaction: EngineTransaction, engine: Engine, now: number) {
    this.#transaction = transaction
    this.#meta = { ...readMeta(transaction, engine), format: currentFormat }
    this.now = now
  }

  get revision(): number {
    return this.#meta.revision
  }

  get compactRevision(): number {
    return this.#meta.compactRevision
  }

  /** The state record of a key. One that has expired is removed first, as a write of its own. */
  liveState(key: string): Buffer | undefined {
    const state = this.#transaction.get(this.#stateKey(key))
    if (state === undefined) return undefined
    const record = toBuffer(state)
    const expiry = expiryOf(record)
    if (expiry === 0 || expiry > this.now) return record
    this.remove(key, record)
    return undefined
  }

  /** The state records below a prefix that have not expired, in key order. To be read before the next is asked for. */
  *liveStates(prefix: string): Generator<{ key: Uint8Array; state: Buffer }, void> {
    const range = { gte: stateKey(prefix), lt: stateKeyAfter(prefix), volatile: true }
    for (const { key, value } of this.#transaction.range(range)) {
      const state = toBuffer(value)
      const expiry = expiryOf(state)
      if (expiry === 0 || expiry > this.now) yield { key, state }
    }
  }

  stats(prefix: string): ResourceStats {
    return decodeStats(this.#transaction.get(statsKey(resourcePrefixOf(prefix))))
  }

  /**
   * Writes an object, over `previous` if there is one, and returns the revision of the write. Sets the header of
   * the state record.
   */
  put(key: string, state: Buffer, expiry: number, previous: Buffer | undefined): number {
    const revision = this.#advance()
    const created = previous === undefined ? revision : createRevisionOf(previous)
    setStateHeader(state, created, revision, expiry)
    this.#transaction.put(this.#stateKey(key), state)
    const type = previous === undefined ? logType.created : logType.updated
    this.#log(revision, type, key, jsonOf(state), previous)
    this.#index(key, previous === undefined ? 0 : expiryOf(previous), expiry)
    this.#indexOwners(key, previous === undefined ? [] : ownersOf(jsonOf(previous)), ownersOf(jsonOf(state)))
    this.#count(key, revision, previous === undefined ? 1 : 0)
    return revision
  }

  /** Writes an object that is not there and returns the revision of the write. Completes the records. */
  create(key: string, { log, state }: CreationRecords, expiry: number): number {
    const revision = this.#advance()
    setStateHeader(state, revision, revision, expiry)
    setLogHeader(log, logType.created, this.now)
    this.#transaction.put(this.#stateKey(key), state)
    this.#transaction.put(logKey(revision), log)
    this.#index(key, 0, expiry)
    this.#indexOwners(key, [], ownersOf(jsonOf(state)))
    this.#count(key, revision, 1)
    return revision
  }

  /** Removes an object and returns the revision of the removal. */
  remove(key: string, previous: Buffer): number {
    const revision = this.#advance()
    this.#transaction.delete(stateKey(key))
    this.#log(revision, logType.deleted, key, nothing, previous)
    this.#index(key, expiryOf(previous), 0)
    this.#indexOwners(key, ownersOf(jsonOf(previous)), [])
    this.#count(key, revision, -1)
    return revision
  }

  /** Whether any object of the tenant names `uid` as an owner. */
  isReferenced(tenant: string, uid: string): boolean {
    for (const _ of this.#transaction.range({ ...ownerRange(tenant, uid), limit: 1 })) return true
    return false
  }

  addTask(tenant: string, task: string): void {
    this.#transaction.put(taskKey(tenant, task), nothing)
  }

  /** Keeps a derived value, unless one of a later revision is there. */
  putDerived(key: Buffer, revision: number, record: Buffer): void {
    const present = this.#transaction.get(key)
    if (present !== undefined && revisionOfDerived(present) > revision) return
    this.#transaction.put(key, record)
  }

  completeTask(tenant: string, task: string): void {
    this.#transaction.delete(taskKey(tenant, task))
  }

  /** Removes at most `limit` objects that have expired; returns when the next one will, 0 if there is none. */
  sweep(limit: number): number {
    const due = this.#transaction.range({ gte: ttlKey(0), lt: ttlKey(this.now + 1), limit })
    for (const entry of due) {
      const { expiry, key } = decodeTtlKey(entry.key)
      const state = this.#transaction.get(stateKey(key))
      if (state === undefined || expiryOf(toBuffer(state)) !== expiry) this.#transaction.delete(entry.key)
      else this.remove(key, toBuffer(state))
    }
    for (const entry of this.#transaction.range({ gte: ttlKey(0), lt: ttlKey(maxTime), limit: 1 })) {
      return decodeTtlKey(entry.key).expiry
    }
    return 0
  }

  /** Forgets history up to and including a revision, of which at most `limit` log entries are dropped now. */
  compact(revision: number, limit: number): { done: boolean } {
    if (revision > this.#meta.compactRevision) {
      this.#meta.compactRevision = revision
      this.#writeMeta()
    }
    const end = logKey(this.#meta.compactRevision + 1)
    let dropped = 0
    for (const { key } of this.#transaction.range({ gte: logKey(0), lt: end, limit })) {
      this.#transaction.delete(key)
      dropped++
    }
    return { done: dropped < limit }
  }

  /** When a revision was written. */
  timeOf(revision: number): number | undefined {
    const record = this.#transaction.get(logKey(revision))
    return record === undefined ? undefined : timeOfLog(record)
  }

  /** What is written was read just before. */
  #stateKey(key: string): Buffer {
    if (key !== this.#lastKey) {
      this.#lastKey = key
      this.#lastStateKey = stateKey(key)
    }
    return this.#lastStateKey
  }

  #advance(): number {
    this.#meta.revision++
    this.#writeMeta()
    return this.#meta.revision
  }

  #writeMeta(): void {
    this.#transaction.put(metaKey, encodeMeta(this.#meta))
  }

  #log(revision: number, type: LogType, key: string, value: Buffer, previous = nothing): void {
    this.#transaction.put(logKey(revision), encodeLog({ type, time: this.now, key, value, previous }))
  }

  #index(key: string, before: number, after: number): void {
    if (before === after) return
    if (before !== 0) this.#transaction.delete(ttlKey(before, key))
    if (after === 0) return
    this.#transaction.put(ttlKey(after, key), ttlValue)
    this.earliestExpiry = Math.min(this.earliestExpiry, after)
  }

  #indexOwners(key: string, before: readonly string[], after: readonly string[]): void {
    for (const uid of before) if (!after.includes(uid)) this.#transaction.delete(ownerKey(uid, key))
    for (const uid of after) if (!before.includes(uid)) this.#transaction.put(ownerKey(uid, key), nothing)
  }

  #count(key: string, revision: number, change: number): void {
    const id = statsKey(resourcePrefixOf(key))
    const { count } = decodeStats(this.#transaction.get(id))
    this.#transaction.put(id, encodeStats({ count: count + change, lastRevision: revision }))
  }
}

const maxTime = Number.MAX_SAFE_INTEGER
