import type { PrinterColumn } from '../resource-definition.ts'
import { type CoreEvent, convertEvent } from './event-conversion.ts'
import { ageOf, column, nameColumn } from './printer-column.ts'

/** A column whose value is read from the `v1` shape, whichever the object has. */
function eventColumn(
  name: string,
  type: 'string' | 'integer',
  value: (event: CoreEvent, now: number) => unknown,
  priority = 0,
): PrinterColumn {
  return column(name, type, (object, now) => value(convertEvent(object, 'v1'), now), priority)
}

/** `printEvent` of `k8s.io/kubernetes/pkg/printers/internalversion/printers.go`. */
export const eventColumns: readonly PrinterColumn[] = [
  eventColumn('Last Seen', 'string', (event, now) => ageOf(lastSeen(event), now)),
  eventColumn('Type', 'string', (event) => event.type ?? ''),
  eventColumn('Reason', 'string', (event) => event.reason ?? ''),
  eventColumn('Object', 'string', target),
  eventColumn('Subobject', 'string', (event) => event.involvedObject?.fieldPath ?? '', 1),
  eventColumn('Source', 'string', source, 1),
  eventColumn('Message', 'string', (event) => (event.message ?? '').trim()),
  eventColumn(
    'First Seen',
    'string',
    (event, now) => ageOf(event.firstTimestamp || event.eventTime || undefined, now),
    1,
  ),
  eventColumn('Count', 'integer', (event) => event.series?.count ?? (event.count || 1), 1),
  { ...nameColumn, priority: 1 },
]

function lastSeen(event: CoreEvent): string | undefined {
  if (event.series?.lastObservedTime) return event.series.lastObservedTime
  return event.lastTimestamp || event.firstTimestamp || event.eventTime || undefined
}

function target({ involvedObject }: CoreEvent): string {
  const kind = (involvedObject?.kind ?? '').toLowerCase()
  const name = involvedObject?.name ?? ''
  return name === '' ? kind : `${kind}/${name}`
}

function source(event: CoreEvent): string {
  const component = event.source?.component || event.reportingComponent || ''
  const host = event.source?.host || event.reportingInstance || ''
  return host === '' ? component : `${component}, ${host}`
}
