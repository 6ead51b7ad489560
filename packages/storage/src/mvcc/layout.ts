/**
 * How `MvccStore` lays out its data in an engine, format 2. All numbers are big-endian and unsigned; revisions and
 * times (milliseconds since 1970) take 8 bytes. Text is UTF-8. A key starts with the byte of its key space:
 *
 * | key | value |
 * | --- | --- |
 * | 1 | meta: format (4), 0 (4), current revision (8), compact revision (8) |
 * | 2, storage key | state: create revision (8), revision of the last write (8), expiry time or 0 (8), JSON |
 * | 3, revision (8) | log: see {@link LogRecord} |
 * | 4, expiry time (8), storage key | nothing |
 * | 5, `/{tenant}/{resource}/` | stats: count (8), last revision (8) |
 * | 6, `/{tenant}/{uid of an owner}/`, storage key of a dependent | nothing |
 * | 7, `/{tenant}/`, text of a task | nothing |
 * | 8, `/{tenant}/`, name | derived value: revision (8), JSON |
 *
 * The JSON of an object is without metadata.resourceVersion, which is the revision of the last write.
 */

import { allocate } from '../allocate.ts'
import type { DerivedValue } from '../interface.ts'
import { toBuffer } from '../to-buffer.ts'

/**
 * The newest format that this version reads, and the one it writes. A store of format 1, which has no log records with
 * a whole state, becomes one of format 2 with the first write.
 */
export const currentFormat = 2

const space = { meta: 1, state: 2, log: 3, ttl: 4, stats: 5, owners: 6, tasks: 7, derived: 8 } as const

export interface Meta {
  format: number
  revision: number
  compactRevision: number
}

/** What an empty store is at, as in etcd. */
export const initialMeta: Meta = { format: currentFormat, revision: 1, compactRevision: 0 }

export const metaKey: Uint8Array = Buffer.from([space.meta])

export function encodeMeta({ format, revision, compactRevision }: Meta): Buffer {
  const bytes = allocate(24)
  bytes.writeUInt32BE(format, 0)
  bytes.writeUInt32BE(0, 4)
  writeNumber(bytes, revision, 8)
  writeNumber(bytes, compactRevision, 16)
  return bytes
}

export function decodeMeta(value: Uint8Array): Meta {
  const bytes = toBuffer(value)
  return {
    format: bytes.readUInt32BE(0),
    revision: readNumber(bytes, 8),
    compactRevision: readNumber(bytes, 16),
  }
}

export function stateKey(key: string): Buffer {
  return keyIn(space.state, key)
}

export function keyOfState(bytes: Uint8Array): string {
  return toBuffer(bytes).toString('utf8', 1)
}

/** The end of all keys with a prefix that ends in `/`, or of the one key. */
export function stateKeyAfter(prefix: string): Buffer {
  if (!prefix.endsWith('/')) return stateKey(`${prefix}\0`)
  const bytes = stateKey(prefix)
  bytes[bytes.length - 1] = '/'.charCodeAt(0) + 1
  return bytes
}

export const stateHeaderBytes = 24

/** A state record whose header is still to be set. */
export function newState(json: string): Buffer {
  const state = allocate(stateHeaderBytes + Buffer.byteLength(json))
  state.write(json, stateHeaderBytes)
  return state
}

export function setStateHeader(
  state: Buffer,
  createRevision: number,
  revision: number,
  expiry: number,
): void {
  writeNumber(state, createRevision, 0)
  writeNumber(state, revision, 8)
  writeNumber(state, expiry, 16)
}

export const createRevisionOf = (state: Buffer): number => readNumber(state, 0)
export const revisionOf = (state: Buffer): number => readNumber(state, 8)
/** 0 if it stays. */
export const expiryOf = (state: Buffer): number => readNumber(state, 16)
export const jsonOf = (state: Buffer): Buffer => state.subarray(stateHeaderBytes)
export const jsonTextOf = (state: Buffer): string => state.toString('utf8', stateHeaderBytes)

export const logType = { created: 1, updated: 2, deleted: 3 } as const
export type LogType = (typeof logType)[keyof typeof logType]

/**
 * One write. Layout: type (1), time (8), length of the key (2), of the value (4), key, value, previous state. With
 * {@link wholeState} in its type, the value is a whole state record in place of its JSON.
 */
export interface LogRecord {
  type: LogType
  time: number
  key: string
  /** JSON; empty for a deletion. */
  value: Buffer
  /** The whole state record that was replaced; empty for a creation. */
  previous: Buffer
}

const logHeaderBytes = 15
const wholeState = 0x80

/** The records of a creation, in one piece of memory: the log record ends with the state record. */
export interface CreationRecords {
  readonly log: Buffer
  readonly state: Buffer
}

/** What of a creation is known before its transaction. {@link setStateHeader} and {@link setLogHeader} do the rest. */
export function newCreation(key: string, json: string): CreationRecords {
  const keyBytes = Buffer.byteLength(key)
  const stateBytes = stateHeaderBytes + Buffer.byteLength(json)
  const log = allocate(logHeaderBytes + keyBytes + stateBytes)
  log.writeUInt16BE(keyBytes, 9)
  log.writeUInt32BE(stateBytes, 11)
  log.write(key, logHeaderBytes)
  const state = log.subarray(logHeaderBytes + keyBytes)
  state.write(json, stateHeaderBytes)
  return { log, state }
}

export function setLogHeader(log: Buffer, type: LogType, time: number): void {
  log[0] = type | wholeState
  writeNumber(log, time, 1)
}

export function logKey(revision: number): Buffer {
  const bytes = allocate(9)
  bytes[0] = space.log
  writeNumber(bytes, revision, 1)
  return bytes
}

export function revisionOfLogKey(key: Uint8Array): number {
  return readNumber(toBuffer(key), 1)
}

export function encodeLog({ type, time, key, value, previous }: LogRecord): Buffer {
  const keyBytes = Buffer.byteLength(key)
  const bytes = allocate(logHeaderBytes + keyBytes + value.length + previous.length)
  bytes[0] = type
  writeNumber(bytes, time, 1)
  bytes.writeUInt16BE(keyBytes, 9)
  bytes.writeUInt32BE(value.length, 11)
  bytes.write(key, logHeaderBytes)
  bytes.set(value, logHeaderBytes + keyBytes)
  if (previous.length > 0) bytes.set(previous, logHeaderBytes + keyBytes + value.length)
  return bytes
}

export function decodeLog(record: Uint8Array): LogRecord {
  const bytes = toBuffer(record)
  const valueStart = logHeaderBytes + bytes.readUInt16BE(9)
  const previousStart = valueStart + bytes.readUInt32BE(11)
  const type = bytes[0]!
  const jsonStart = (type & wholeState) === 0 ? valueStart : valueStart + stateHeaderBytes
  return {
    type: (type & ~wholeState) as LogType,
    time: readNumber(bytes, 1),
    key: bytes.toString('utf8', logHeaderBytes, valueStart),
    value: bytes.subarray(jsonStart, previousStart),
    previous: bytes.subarray(previousStart),
  }
}

export function timeOfLog(record: Uint8Array): number {
  return readNumber(toBuffer(record), 1)
}

export function ttlKey(expiry: number, key = ''): Buffer {
  const bytes = allocate(9 + Buffer.byteLength(key))
  bytes[0] = space.ttl
  writeNumber(bytes, expiry, 1)
  bytes.write(key, 9)
  return bytes
}

export function decodeTtlKey(key: Uint8Array): { expiry: number; key: string } {
  const bytes = toBuffer(key)
  return { expiry: readNumber(bytes, 1), key: bytes.toString('utf8', 9) }
}

export const ttlValue: Uint8Array = Buffer.alloc(0)

const statsKeys = new Map<string, Buffer>()
const maxStatsKeys = 1000

/** Every write reads and changes the same few. The key must not be changed. */
export function statsKey(resourcePrefix: string): Buffer {
  const known = statsKeys.get(resourcePrefix)
  if (known !== undefined) return known
  if (statsKeys.size >= maxStatsKeys) statsKeys.clear()
  const key = keyIn(space.stats, resourcePrefix)
  statsKeys.set(resourcePrefix, key)
  return key
}

/** All stats of a tenant. */
export function statsRange(tenant: string): KeyRange {
  return rangeIn(space.stats, `/${tenant}/`)
}

/** The resource that a stats key is of. */
export function resourceOfStatsKey(key: Uint8Array): string {
  return toBuffer(key).toString('utf8', 1).split('/')[2] ?? ''
}

/** The entry that says that the object under `dependent` names `uid` as an owner. */
export function ownerKey(uid: string, dependent: string): Buffer {
  return keyIn(space.owners, ownerPrefix(tenantOf(dependent), uid) + dependent)
}

/** All entries of an owner. */
export function ownerRange(tenant: string, uid: string): KeyRange {
  return rangeIn(space.owners, ownerPrefix(tenant, uid))
}

export function dependentOf(key: Uint8Array, tenant: string, uid: string): string {
  return toBuffer(key).toString('utf8', 1 + Buffer.byteLength(ownerPrefix(tenant, uid)))
}

/** A uid of an owner reference is whatever a user wrote. */
function ownerPrefix(tenant: string, uid: string): string {
  return `/${tenant}/${Buffer.from(uid).subarray(0, 128).toString('base64url')}/`
}

export function tenantOf(key: string): string {
  return key.slice(1, key.indexOf('/', 1))
}

export function taskKey(tenant: string, task: string): Buffer {
  return keyIn(space.tasks, `/${tenant}/${task}`)
}

/** All tasks of a tenant. */
export function taskRange(tenant: string): KeyRange {
  return rangeIn(space.tasks, `/${tenant}/`)
}

export function taskOf(key: Uint8Array, tenant: string): string {
  return toBuffer(key).toString('utf8', 3 + Buffer.byteLength(tenant))
}

export function derivedKey(tenant: string, name: string): Buffer {
  return keyIn(space.derived, `/${tenant}/${name}`)
}

export function encodeDerived({ revision, value }: DerivedValue): Buffer {
  const json = JSON.stringify(value)
  const bytes = allocate(8 + Buffer.byteLength(json))
  writeNumber(bytes, revision, 0)
  bytes.write(json, 8)
  return bytes
}

export function decodeDerived(bytes: Uint8Array): DerivedValue {
  const record = toBuffer(bytes)
  return { revision: readNumber(record, 0), value: JSON.parse(record.toString('utf8', 8)) }
}

export function revisionOfDerived(bytes: Uint8Array): number {
  return readNumber(toBuffer(bytes), 0)
}

interface KeyRange {
  gte: Buffer
  lt: Buffer
}

function rangeIn(tag: number, prefix: string): KeyRange {
  const lt = stateKeyAfter(prefix)
  lt[0] = tag
  return { gte: keyIn(tag, prefix), lt }
}

function keyIn(tag: number, text: string): Buffer {
  const bytes = allocate(1 + Buffer.byteLength(text))
  bytes[0] = tag
  bytes.write(text, 1)
  return bytes
}

export interface Stats {
  count: number
  lastRevision: number
}

export function encodeStats({ count, lastRevision }: Stats): Buffer {
  const bytes = allocate(16)
  writeNumber(bytes, count, 0)
  writeNumber(bytes, lastRevision, 8)
  return bytes
}

export function decodeStats(value: Uint8Array | undefined): Stats {
  if (value === undefined) return { count: 0, lastRevision: 0 }
  const bytes = toBuffer(value)
  return { count: readNumber(bytes, 0), lastRevision: readNumber(bytes, 8) }
}

const high = 0x1_0000_0000

function writeNumber(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / high), at)
  bytes.writeUInt32BE(value % high, at + 4)
}

function readNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * high + bytes.readUInt32BE(at + 4)
}
