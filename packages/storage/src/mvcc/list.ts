import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Clock, type KubernetesObject, newBadRequest, type Unstructured } from '@k1s/apimachinery'
import { decodeContinueToken, encodeContinueToken } from '../continue-token.ts'
import type { Engine } from '../engine.ts'
import type { StorageList, StorageListOptions, StoragePrefix } from '../interface.ts'
import { newContinueExpired, newListExpired, newTooLargeResourceVersion } from '../storage-error.ts'
import { apiObjectVersioner } from '../versioner.ts'
import { decodeState } from './decode.ts'
import { keyOfState } from './layout.ts'
import { readMeta } from './meta.ts'
import { countStates, readStates } from './read-states.ts'

/** How many objects are decoded before other work of the process gets its turn. */
const objectsPerTurn = 10_000

interface Position {
  /** The revision to read at; undefined is the newest. */
  revision: number | undefined
  /** The revision that must have been reached. */
  minimum: number
  start: string
  remaining: number | undefined
  paging: boolean
}

/** `GetList` of `k8s.io/apiserver/pkg/storage/etcd3/store.go`. */
export async function listObjects<T extends KubernetesObject>(
  engine: Engine,
  clock: Clock,
  prefix: StoragePrefix,
  options: StorageListOptions,
): Promise<StorageList<T>> {
  const position = positionOf(prefix, options)
  const limit = options.limit !== undefined && options.limit > 0 ? options.limit : Number.POSITIVE_INFINITY
  const items: T[] = []
  let { revision, start } = position
  let total = position.remaining
  while (true) {
    const page = engine.read((reader) => {
      const meta = readMeta(reader, engine)
      revision ??= checkMinimum(position.minimum, meta.revision)
      if (revision > meta.revision) throw newTooLargeResourceVersion(revision, meta.revision)
      if (revision < meta.compactRevision) throw expired(position, prefix, start)
      if (total === undefined && options.predicate === undefined && limit < Number.POSITIVE_INFINITY) {
        total = countStates(reader, { prefix, start, revision, current: meta.revision, now: clock.now() })
      }
      let decoded = 0
      const states = readStates(reader, { prefix, start, revision, current: meta.revision, now: clock.now() })
      for (const { entry, state } of states) {
        if (items.length === limit || decoded === objectsPerTurn) return { next: keyOfState(entry.key) }
        decoded++
        const object = decodeState<T & Unstructured>(prefix, state)
        if (options.predicate === undefined || options.predicate(object)) items.push(object)
      }
      return { next: undefined }
    })
    if (page.next === undefined) return { items, resourceVersion: String(revision) }
    start = page.next
    if (items.length === limit) break
    await nextTurn()
  }
  const remaining = total === undefined ? undefined : Math.max(total - items.length, 1)
  const token = { revision: revision!, start: start.slice(prefix.length), remaining }
  return {
    items,
    resourceVersion: String(revision),
    continue: encodeContinueToken(token),
    ...(remaining !== undefined && { remainingItemCount: remaining }),
  }
}

/** `ValidateListOptions` of `k8s.io/apiserver/pkg/storage/interfaces.go`. */
function positionOf(prefix: string, options: StorageListOptions): Position {
  const { resourceVersion, resourceVersionMatch, limit = 0 } = options
  if (options.continue) {
    const token = decodeContinueToken(options.continue)
    if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== '0') {
      throw newBadRequest('specifying resource version is not allowed when using continue')
    }
    return {
      revision: token.revision > 0 ? token.revision : undefined,
      minimum: 0,
      start: prefix + token.start,
      remaining: token.remaining,
      paging: true,
    }
  }
  const asked = apiObjectVersioner.parseResourceVersion(resourceVersion)
  const exact =
    asked > 0 && (resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && limit > 0))
  return {
    revision: exact ? asked : undefined,
    minimum: exact ? 0 : asked,
    start: prefix,
    remaining: undefined,
    paging: false,
  }
}

function checkMinimum(minimum: number, current: number): number {
  if (minimum > current) throw newTooLargeResourceVersion(minimum, current)
  return current
}

function expired({ paging }: Position, prefix: string, start: string) {
  if (!paging) return newListExpired()
  return newContinueExpired(encodeContinueToken({ revision: -1, start: start.slice(prefix.length) }))
}
