import type { EngineReader } from '../engine.ts'
import { resourcePrefixOf } from '../storage-key.ts'
import { toBuffer } from '../to-buffer.ts'
import {
  decodeLog,
  decodeStats,
  expiryOf,
  logKey,
  logType,
  stateKey,
  stateKeyAfter,
  statsKey,
} from './layout.ts'

export interface StatesQuery {
  prefix: string
  /** The first key that is wanted. */
  start: string
  /** The revision to read at, and the newest one of the reader. */
  revision: number
  current: number
  /** Objects that have expired by now are left out. */
  now: number
}

/** To be read before the next one is asked for: it is valid that long. */
export interface State {
  /** The engine's entry, for its key. */
  entry: { key: Uint8Array }
  state: Buffer
}

/** State records below a prefix as they were at a revision: today's, with what the log says since then undone. */
export function* readStates(reader: EngineReader, query: StatesQuery): Generator<State, void> {
  const { prefix, start, revision, current, now } = query
  const range = reader.range({ gte: stateKey(start), lt: stateKeyAfter(prefix), volatile: true })
  if (revision === current) {
    for (const entry of range) {
      const state = toBuffer(entry.value)
      const expiry = expiryOf(state)
      if (expiry === 0 || expiry > now) yield { entry, state }
    }
    return
  }
  for (const found of merge(range, statesBefore(reader, query))) {
    const expiry = expiryOf(found.state)
    if (expiry === 0 || expiry > now) yield found
  }
}

/** How many there are, as good as that is known without looking at each. */
export function countStates(reader: EngineReader, query: StatesQuery): number {
  const { prefix, start, revision, current } = query
  if (start === prefix && revision === current && resourcePrefixOf(prefix) === prefix) {
    return decodeStats(reader.get(statsKey(prefix))).count
  }
  let count = 0
  for (const _ of readStates(reader, query)) count++
  return count
}

interface Replaced {
  key: Buffer
  /** Undefined if the object did not exist. */
  state: Buffer | undefined
}

/** What every key that was written after the revision had before, in key order. */
function statesBefore(reader: EngineReader, { prefix, start, revision, current }: StatesQuery): Replaced[] {
  const from = stateKey(start)
  const before = new Map<string, Replaced>()
  for (const { value } of reader.range({ gte: logKey(revision + 1), lt: logKey(current + 1) })) {
    const entry = decodeLog(value)
    if (before.has(entry.key) || !entry.key.startsWith(prefix)) continue
    const key = stateKey(entry.key)
    if (key.compare(from) < 0) continue
    before.set(entry.key, { key, state: entry.type === logType.created ? undefined : entry.previous })
  }
  return [...before.values()].sort((a, b) => a.key.compare(b.key))
}

function* merge(
  range: Iterable<{ key: Uint8Array; value: Uint8Array }>,
  before: Replaced[],
): Generator<State, void> {
  let at = 0
  for (const entry of range) {
    const key = toBuffer(entry.key)
    let order = -1
    while (at < before.length) {
      const replaced = before[at]!
      order = key.compare(replaced.key)
      if (order < 0) break
      at++
      if (replaced.state !== undefined) yield { entry: replaced, state: replaced.state }
      if (order === 0) break
    }
    if (order !== 0) yield { entry, state: toBuffer(entry.value) }
  }
  for (; at < before.length; at++) {
    const { key, state } = before[at]!
    if (state !== undefined) yield { entry: { key }, state }
  }
}
