import { isStatusError, type Unstructured } from '@k1s/apimachinery'
import { loadGoSort } from '@k1s/cli-runtime'
import type { Client } from '@k1s/core'
import { type Event, eventInterval, eventKind, timeOf } from '../events/event.ts'
import type { Description } from './description.ts'

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
export async function describeEvents(
  description: Description,
  events: readonly Event[],
  now = Date.now(),
): Promise<void> {
  if (events.length === 0) {
    description.line('Events:\t<none>')
    return
  }
  description.flush()
  description.line('Events:')
  description.line('Type\tReason\tAge\tFrom\tMessage', 1)
  description.line('----\t------\t----\t----\t-------', 1)
  const sorted = [...events]
  const goSort = await loadGoSort()
  goSort(sorted, (a, b) => timeOf(a.lastTimestamp) < timeOf(b.lastTimestamp))
  for (const event of sorted) {
    const { fieldPath } = event.involvedObject ?? {}
    const message = (event.message ?? '').trim()
    const from = event.source?.component || event.reportingComponent || ''
    const cells = [
      event.type ?? '',
      event.reason ?? '',
      eventInterval(event, now),
      from,
      fieldPath ? `${fieldPath}: ${message}` : message,
    ]
    description.line(cells.join('\t'), 1)
  }
}
