import { humanDuration, isStatusError, type Unstructured } from '@k1s/apimachinery'
import type { Client, Kind } from '@k1s/core'
import type { Description } from './description.ts'

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
  involvedObject?: { fieldPath?: string }
}

const eventKind: Kind<Event> = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true }

/**
 * The events about an object: searchEvents of `k8s.io/kubectl/pkg/describe`. Undefined if the server does not say, as
 * for those who may not read events: descriptions then go without.
 */
export async function searchEvents(client: Client, object: Unstructured): Promise<Event[] | undefined> {
  const { name, namespace, uid } = object.metadata
  const about = {
    'involvedObject.name': name,
    'involvedObject.namespace': namespace,
    'involvedObject.kind': object.kind,
    'involvedObject.uid': uid,
  }
  const fieldSelector = Object.entries(about)
    .flatMap(([field, value]) => (value === undefined ? [] : [`${field}=${value}`]))
    .join(',')
  try {
    const list = await client.list(eventKind, {
      fieldSelector,
      ...(namespace !== undefined && { namespace }),
    })
    return list.items
  } catch (error) {
    if (isStatusError(error)) return undefined
    throw error
  }
}

/** Follows DescribeEvents of `k8s.io/kubectl/pkg/describe`. */
export function describeEvents(description: Description, events: readonly Event[], now = Date.now()): void {
  if (events.length === 0) {
    description.line('Events:\t<none>')
    return
  }
  description.flush()
  description.line('Events:')
  description.line('Type\tReason\tAge\tFrom\tMessage', 1)
  description.line('----\t------\t----\t----\t-------', 1)
  const sorted = [...events].sort((a, b) => timeOf(a.lastTimestamp) - timeOf(b.lastTimestamp))
  for (const event of sorted) {
    const { fieldPath } = event.involvedObject ?? {}
    const message = (event.message ?? '').trim()
    const from = event.source?.component || event.reportingComponent || ''
    const cells = [
      event.type ?? '',
      event.reason ?? '',
      ageOf(event, now),
      from,
      fieldPath ? `${fieldPath}: ${message}` : message,
    ]
    description.line(cells.join('\t'), 1)
  }
}

function ageOf(event: Event, now: number): string {
  const since = (time: string | null | undefined) =>
    time ? humanDuration(now - Date.parse(time)) : '<unknown>'
  const first = since(event.eventTime || event.firstTimestamp)
  if (event.series !== undefined) {
    return `${since(event.series.lastObservedTime)} (x${event.series.count ?? 0} over ${first})`
  }
  const count = event.count ?? 0
  return count > 1 ? `${since(event.lastTimestamp)} (x${count} over ${first})` : first
}

function timeOf(time: string | null | undefined): number {
  return time ? Date.parse(time) : 0
}
