import { setTimeout as wait } from 'node:timers/promises'
import {
  isStatusError,
  type KubernetesList,
  type Status,
  type Unstructured,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { ApiRequest, ApiResponse, RequestOptions } from '../request.ts'
import type { Table } from '../table/table.ts'
import { isConnectionError } from './connection-error.ts'
import { WatchLost } from './watch-stream.ts'

type Event = WatchEvent<Unstructured>

export interface WatchSource {
  /** One request to watch. */
  readonly open: (request: ApiRequest, onWarning?: (text: string) => void) => AsyncIterableIterator<Event>
  readonly list: (request: ApiRequest) => Promise<ApiResponse>
  /** The shortest time between two requests, in milliseconds. Default: 1000. */
  readonly pause?: number | undefined
}

/** Where a request that goes on starts, and what has to be thought of until the initial objects are complete. */
interface Position {
  readonly resourceVersion: string | undefined
  /** Objects that the receiver has by their uid, while it is not known whether it has all: `sendInitialEvents`. */
  readonly initial: Map<string, Unstructured> | undefined
}

/**
 * A watch that goes on from the last resourceVersion when its request ends: `RetryWatcher` of
 * `k8s.io/client-go/tools/watch`, which starts from a known one only. Here a watch may start from the current objects
 * too. No request can continue in the middle of those, so they are listed, and watched from there; with
 * `sendInitialEvents`, where the server says which is the last, they are sent again, and only differences passed on.
 */
export class ResumingWatch implements AsyncIterableIterator<Event> {
  readonly #controller = new AbortController()
  readonly #events: AsyncGenerator<Event, undefined, undefined>
  readonly #release: () => void

  constructor(request: ApiRequest, onWarning: ((text: string) => void) | undefined, source: WatchSource) {
    const { signal } = request
    const onAbort = () => this.#controller.abort()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#release = () => signal?.removeEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
    this.#events = watchOn({ ...request, signal: this.#controller.signal }, onWarning, source)
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    try {
      const result = await this.#events.next()
      if (result.done) this.#release()
      return result
    } catch (error) {
      this.#release()
      if (this.#controller.signal.aborted) return { done: true, value: undefined }
      throw error
    }
  }

  // A generator would first wait for its next event.
  async return(): Promise<IteratorResult<Event, undefined>> {
    this.#release()
    this.#controller.abort()
    return this.#events.return(undefined)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

async function* watchOn(
  request: ApiRequest,
  onWarning: ((text: string) => void) | undefined,
  source: WatchSource,
): AsyncGenerator<Event, undefined, undefined> {
  const deadline = deadlineOf(request.options)
  const wantsBookmarks = request.options.allowWatchBookmarks === true
  let columnsSent = false
  let warn = onWarning
  let position: Position = {
    resourceVersion: request.options.resourceVersion,
    initial: request.options.sendInitialEvents ? new Map() : undefined,
  }
  if (position.initial === undefined && startsFromCurrentObjects(request.options)) {
    const { body, warnings = [] } = await source.list({ ...request, options: listOptions(request.options) })
    for (const warning of warnings) warn?.(warning)
    warn = undefined
    for (const object of objectsOf(body)) {
      yield withColumns({ type: 'ADDED', object }, columnsSent)
      columnsSent = true
    }
    position = { resourceVersion: body.metadata?.resourceVersion, initial: undefined }
  }

  for (let failures = 0, established = false; ; ) {
    const startedAt = Date.now()
    const options = continuedOptions(request.options, position, deadline)
    if (options === undefined) return undefined
    const events = source.open({ ...request, options }, warn)
    const replay = position.initial && new Replay(position.initial)
    let delay = 0
    try {
      for await (const event of events) {
        established = true
        failures = 0
        warn = undefined
        if (event.type === 'ERROR') {
          if (!isTransient(event.object)) {
            yield event
            return undefined
          }
          failures++
          delay = (event.object.details?.retryAfterSeconds ?? 0) * 1000
          break
        }
        for (const passed of replay?.filter(event) ?? [event]) {
          if (passed.type === 'BOOKMARK' && !wantsBookmarks) continue
          yield withColumns(passed, columnsSent)
          columnsSent = true
        }
        if (replay?.complete) position = { ...position, initial: undefined }
        const resourceVersion = resourceVersionOf(event)
        if (position.initial === undefined && resourceVersion !== undefined) {
          position = { resourceVersion, initial: undefined }
        }
      }
      established = true
    } catch (error) {
      if (request.signal?.aborted) return undefined
      const lost = error instanceof WatchLost
      if (!established && !lost) throw error
      established = true
      if (isStatusError(error) && !isTransient(error.status)) {
        yield { type: 'ERROR', object: error.status }
        return undefined
      }
      if (!lost && !isStatusError(error) && !isConnectionError(error)) throw error
      if (!lost) failures++
    }
    if (request.signal?.aborted) return undefined
    await pauseBetween(source.pause ?? 1000, failures, startedAt, delay, request.signal)
  }
}

/**
 * The current objects that are sent again: those that the receiver knows are left out, and those that it knows and are
 * gone by the end of them are DELETED.
 */
class Replay {
  readonly #known: Map<string, Unstructured>
  readonly #missing: Set<string>
  #complete = false

  constructor(known: Map<string, Unstructured>) {
    this.#known = known
    this.#missing = new Set(known.keys())
  }

  /** All the current objects have been sent. */
  get complete(): boolean {
    return this.#complete
  }

  *filter(event: Exclude<Event, { type: 'ERROR' }>): Generator<Event> {
    if (this.#complete) {
      yield event
      return
    }
    const { object } = event
    if (event.type === 'BOOKMARK') {
      this.#complete = metadataOf(object)?.annotations?.['k8s.io/initial-events-end'] === 'true'
      if (!this.#complete) return
      for (const uid of this.#missing) yield { type: 'DELETED', object: this.#known.get(uid)! }
      this.#known.clear()
      yield event
      return
    }
    const { uid = '', resourceVersion } = metadataOf(object) ?? {}
    const known = this.#known.get(uid)
    this.#missing.delete(uid)
    this.#known.set(uid, object)
    if (known === undefined) yield event
    else if (metadataOf(known)?.resourceVersion !== resourceVersion) yield { type: 'MODIFIED', object }
  }
}

/** "Get state and start": without a resourceVersion, or with 0. */
function startsFromCurrentObjects({ resourceVersion = '' }: RequestOptions): boolean {
  return resourceVersion === '' || resourceVersion === '0'
}

/** Any state will do for 0, as it does for the watch. */
function listOptions({ resourceVersion, ...options }: RequestOptions): RequestOptions {
  const { timeoutSeconds: _, allowWatchBookmarks: __, sendInitialEvents: ___, ...selection } = options
  return resourceVersion ? { ...selection, resourceVersion } : selection
}

/** Undefined if the time of the watch is over. */
function continuedOptions(
  options: RequestOptions,
  { resourceVersion, initial }: Position,
  deadline: number | undefined,
): RequestOptions | undefined {
  const { sendInitialEvents, resourceVersionMatch, timeoutSeconds: _, ...rest } = options
  const remaining = deadline === undefined ? undefined : (deadline - Date.now()) / 1000
  if (remaining !== undefined && remaining < 0.5) return undefined
  return {
    ...rest,
    allowWatchBookmarks: true,
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(remaining !== undefined && { timeoutSeconds: Math.ceil(remaining) }),
    ...(initial !== undefined && {
      sendInitialEvents: sendInitialEvents!,
      ...(resourceVersionMatch && { resourceVersionMatch }),
    }),
  }
}

function deadlineOf({ timeoutSeconds }: RequestOptions): number | undefined {
  return timeoutSeconds ? Date.now() + timeoutSeconds * 1000 : undefined
}

/** A Table of a list as the Tables of events, one for each row. */
function objectsOf(body: ApiResponse['body']): Iterable<Unstructured> {
  if (body.kind !== 'Table') return (body as KubernetesList).items
  const { rows, ...table } = body as Table
  return rows.map((row) => {
    const resourceVersion = row.object?.metadata?.resourceVersion ?? table.metadata.resourceVersion
    const metadata = resourceVersion === undefined ? {} : { resourceVersion }
    return { ...table, metadata, rows: [row] } as unknown as Unstructured
  })
}

/** Columns are in the first Table of a watch only. */
function withColumns(event: Event, sent: boolean): Event {
  if (!sent || event.type === 'ERROR' || event.object.kind !== 'Table') return event
  return { ...event, object: { ...event.object, columnDefinitions: [] } }
}

function resourceVersionOf(event: Exclude<Event, { type: 'ERROR' }>): string | undefined {
  return event.object.metadata?.resourceVersion || metadataOf(event.object)?.resourceVersion || undefined
}

/** That of a Table's row says of which object it is. */
function metadataOf(object: Unstructured) {
  return object.kind === 'Table' ? (object as unknown as Table).rows[0]?.object?.metadata : object.metadata
}

/** Whether the same request may succeed later. */
function isTransient({ code = 500 }: Status): boolean {
  return code >= 500 || code === 429 || code === 408
}

const longestPauseMs = 30_000

/** At least as long between requests as RetryWatcher waits, and longer with each failure. */
async function pauseBetween(
  shortest: number,
  failures: number,
  startedAt: number,
  demanded: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pause = failures === 0 ? shortest : Math.min(shortest * 2 ** (failures - 1), longestPauseMs)
  const rest = Math.max(demanded, startedAt + pause - Date.now())
  if (rest > 0) await wait(rest, undefined, signal === undefined ? {} : { signal })
}
