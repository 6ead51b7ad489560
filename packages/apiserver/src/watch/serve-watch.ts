import type { ServerResponse } from 'node:http'
import { isStatusError, newResourceExpired, type Unstructured, type WatchEvent } from '@k1s/apimachinery'
import type { ApiRequest, Transport } from '@k1s/core'
import type { Exchange } from '../exchange.ts'
import { scopeOf } from '../metrics/request-scope.ts'
import type { WatchMetrics, WatchObservation } from '../metrics/watch-metrics.ts'
import type { Representation } from '../negotiation/negotiate.ts'
import { warningHeaders } from '../responses/warning-headers.ts'
import { spoken } from '../responses/write-object.ts'
import { statusOf } from '../responses/write-status.ts'
import { ChunkedBody } from './chunked-body.ts'
import { eventFrames } from './event-frames.ts'
import { StalledError, untilDrained } from './until-drained.ts'

export interface WatchLimits {
  readonly watchStallMs: number
}

/** A watch without `timeoutSeconds` ends after this time or up to twice as long: `--min-request-timeout`, seconds. */
const minRequestTimeout = 1800

/** How long a client that was told that it is too slow has for reading that. */
const cutAfterMs = 10_000

/**
 * A watch as a stream of lines: `k8s.io/apiserver/pkg/endpoints/handlers/watch.go`. Events are pulled as fast as the
 * client reads them, so that a slow client costs a position in the log and no memory; one that does not read at all is
 * ended with 410 Expired. A failure after the beginning is an ERROR event.
 */
export async function serveWatch(
  {
    transport,
    limits,
    watches,
    onError,
  }: {
    transport: Transport
    limits: WatchLimits
    watches: WatchMetrics
    onError: (error: unknown) => void
  },
  exchange: Exchange,
  representation: Representation,
  request: ApiRequest,
): Promise<void> {
  const { response } = exchange
  const body = new ChunkedBody(response)
  const { timeoutSeconds = Math.round(minRequestTimeout * (1 + Math.random())) } = request.options
  const frames = await eventFrames(representation.mediaType)
  const warnings: string[] = []
  let observation: WatchObservation | undefined
  const events = transport.watch(
    { ...request, options: { ...request.options, timeoutSeconds }, sharesObjects: true },
    (text) => warnings.push(text),
    () => {
      observation = watches.opened({ ...request, scope: scopeOf(request) })
      if (warnings.length > 0) response.setHeader('Warning', warningHeaders(warnings))
      response.writeHead(200, { 'Content-Type': frames.contentType })
      body.open()
    },
  )
  try {
    for await (const event of events) {
      const frame = frames.frameOf(spokenEvent(representation, event))
      observation?.sent()
      if (!body.write(frame)) await untilDrained(response, limits.watchStallMs, exchange.signal)
    }
  } catch (error) {
    if (!response.headersSent) throw error
    if (exchange.signal.aborted) return
    if (error instanceof StalledError) cutLater(response)
    else if (!isStatusError(error)) onError(error)
    body.write(frames.errorFrame(statusOf(error instanceof StalledError ? stalled() : error)))
  } finally {
    observation?.closed()
  }
  body.end()
}

function spokenEvent(
  representation: Representation,
  event: WatchEvent<Unstructured>,
): WatchEvent<Unstructured> {
  if (event.type === 'ERROR' || representation.metaVersion !== 'v1beta1') return event
  return { type: event.type, object: spoken(representation, event.object) as Unstructured }
}

function cutLater(response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), cutAfterMs).unref()
  response.once('close', () => clearTimeout(timer))
}

function stalled() {
  return newResourceExpired('the watch was ended because its client did not read the events')
}
