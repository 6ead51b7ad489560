import {
  isStatusError,
  type KubernetesList,
  newResourceExpired,
  type Status,
  type Unstructured,
  type WatchEvent,
} from '@k1s/apimachinery'
import type { ApiRequest, ApiResponse, RequestOptions } from '../request.ts'
import type { Table } from '../table/table.ts'
import { isConnectionError } from './connection-error.ts'
import { pause } from './pause.ts'
import { WatchLost } from './watch-lost.ts'
import { WatchPosition } from './watch-position.ts'
import type { WatchListener } from './watch-stream.ts'

type Event = WatchEvent<Unstructured>

export interface WatchSource {
  /** One request to watch. */
  readonly open: (request: ApiRequest, listener: WatchListener) => AsyncIterable<Event>
  readonly list: (request: ApiRequest) => Promise<ApiResponse>
  /** The shortest time between two requests, in milliseconds. Default: 1000. */
  readonly pauseMs?: number | undefined
}

/**
 * A watch that goes on from the last resourceVersion when its request ends: `RetryWatcher` of
 * `k8s.io/client-go/tools/watch`, which only starts from a known one. Here it may start from the current objects too. No
 * request can continue in the middle of those, so they are listed, and watched from there.
 */
export async function* resumingWatch(
  request: ApiRequest,
  listener: WatchListener,
  source: WatchSource,
): AsyncGenerator<Event, void, undefined> {
  let columnsSent = false
  for await (const event of resumedEvents(request, onlyOnce(listener), source)) {
    yield columnsSent ? withoutColumns(event) : event
    columnsSent = true
  }
}

async function* resumedEvents(
  request: ApiRequest,
  listener: WatchListener,
  source: WatchSource,
): AsyncGenerator<Event, void, undefined> {
  const deadline = deadlineOf(request.options)
  const wantsBookmarks = request.options.allowWatchBookmarks === true
  let { options } = request
  if (startsNow(options)) {
    const { body, warnings = [] } = await source.list({ ...request, options: listOptions(options) })
    for (const warning of warnings) listener.onWarning?.(warning)
    listener.onOpen?.()
    if (options.sendInitialEvents !== false) {
      for (const object of objectsOf(body)) yield { type: 'ADDED', object }
    }
    options = { ...options, resourceVersion: body.metadata?.resourceVersion ?? '' }
  }
  const position = new WatchPosition(options)

  let opened = false
  for (let failures = 0; ; ) {
    const part = continuedOptions(options, position, deadline)
    if (part === undefined) return
    const startedAt = Date.now()
    let demandedMs = 0
    try {
      position.restart()
      for await (const event of source.open({ ...request, options: part }, listener)) {
        if (event.type === 'ERROR') {
          if (!opened || !isTransient(event.object)) {
            yield event
            return
          }
          failures++
          demandedMs = (event.object.details?.retryAfterSeconds ?? 0) * 1000
          break
        }
        opened = true
        failures = 0
        for (const passed of position.take(event)) {
          if (wantsBookmarks || passed.type !== 'BOOKMARK') yield passed
        }
      }
      opened = true
    } catch (error) {
      request.signal?.throwIfAborted()
      if (error instanceof WatchLost) opened = true
      else if (!opened || !(isStatusError(error) || isConnectionError(error))) throw error
      else if (isStatusError(error) && !isTransient(error.status)) {
        yield { type: 'ERROR', object: error.status }
        return
      } else failures++
    }
    // Who has aborted it is told nothing more; without a pause to wait for, it would go on for ever.
    if (request.signal?.aborted) return
    if (!position.canContinue) {
      yield { type: 'ERROR', object: lostWithinInitialEvents() }
      return
    }
    const pauseMs = Math.max(demandedMs, startedAt + pauseAfter(failures, source.pauseMs) - Date.now())
    await pause(pauseMs, request.signal)
  }
}

function lostWithinInitialEvents(): Status {
  return newResourceExpired(
    'the watch was lost within its initial events, which do not say of which objects they are',
  ).status
}

/** A request that goes on says again what the first one has said. */
function onlyOnce({ onWarning, onOpen }: WatchListener): WatchListener {
  let opened = false
  return {
    onWarning(text) {
      if (!opened) onWarning?.(text)
    },
    onOpen() {
      if (!opened) onOpen?.()
      opened = true
    },
  }
}

/** From the current objects, or, without them, from now: without a resourceVersion, or with 0. */
function startsNow({ resourceVersion = '', sendInitialEvents }: RequestOptions): boolean {
  return !sendInitialEvents && (resourceVersion === '' || resourceVersion === '0')
}

/** Any state will do for 0, as it does for the watch. */
function listOptions({
  resourceVersion,
  resourceVersionMatch: _,
  timeoutSeconds: __,
  allowWatchBookmarks: ___,
  sendInitialEvents,
  ...selection
}: RequestOptions): RequestOptions {
  return {
    ...selection,
    ...(resourceVersion && { resourceVersion }),
    ...(sendInitialEvents === false && { limit: 1 }),
  }
}

/** Undefined if the time of the watch is over. */
function continuedOptions(
  { sendInitialEvents, resourceVersionMatch, timeoutSeconds: _, ...options }: RequestOptions,
  position: WatchPosition,
  deadline: number | undefined,
): RequestOptions | undefined {
  const remaining = deadline === undefined ? undefined : (deadline - Date.now()) / 1000
  if (remaining !== undefined && remaining < 0.5) return undefined
  return {
    ...options,
    allowWatchBookmarks: true,
    ...(position.resourceVersion !== undefined && { resourceVersion: position.resourceVersion }),
    ...(remaining !== undefined && { timeoutSeconds: Math.ceil(remaining) }),
    ...(position.wantsInitialEvents && { sendInitialEvents: sendInitialEvents! }),
    ...(position.wantsInitialEvents && resourceVersionMatch && { resourceVersionMatch }),
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
function withoutColumns(event: Event): Event {
  if (event.type === 'ERROR' || event.object.kind !== 'Table') return event
  return { ...event, object: { ...event.object, columnDefinitions: [] } }
}

/** Whether the same request may succeed later. */
function isTransient({ code = 500 }: Status): boolean {
  return code >= 500 || code === 429 || code === 408
}

const longestPauseMs = 30_000

/** At least what RetryWatcher leaves between requests, and more with each failure. */
function pauseAfter(failures: number, shortestMs = 1000): number {
  return failures === 0 ? shortestMs : Math.min(shortestMs * 2 ** (failures - 1), longestPauseMs)
}
