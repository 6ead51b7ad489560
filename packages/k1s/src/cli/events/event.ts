import { humanDuration, type Unstructured } from '@k1s/apimachinery'
import type { Kind } from '@k1s/core'

/** The fields of `v1` Event that are shown. */
export interface Event extends Unstructured {
  type?: string
  reason?: string
  message?: string
  count?: number
  eventTime?: string | null
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  series?: { count?: number; lastObservedTime?: string }
  source?: { component?: string }
  reportingComponent?: string
  involvedObject?: { kind?: string; name?: string; fieldPath?: string }
}

export const eventKind: Kind<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
}

/** When it happened, `2m (x3 over 5m)`: getInterval of `k8s.io/kubectl/pkg/cmd/events`. */
export function eventInterval(event: Event, now: number): string {
  const since = (time: string | null | undefined) =>
    time ? humanDuration(now - Date.parse(time)) : '<unknown>'
  const first = since(event.eventTime || event.firstTimestamp)
  if (event.series !== undefined) {
    return `${since(event.series.lastObservedTime)} (x${event.series.count ?? 0} over ${first})`
  }
  const count = event.count ?? 0
  return count > 1 ? `${since(event.lastTimestamp)} (x${count} over ${first})` : first
}

/** In milliseconds; what has no time is before all others, as in Go. */
export function timeOf(time: string | null | undefined): number {
  return time ? Date.parse(time) : Number.NEGATIVE_INFINITY
}
