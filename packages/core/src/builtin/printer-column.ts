import { humanDuration, type Unstructured } from '@k1s/apimachinery'
import type { PrinterColumn } from '../resource-definition.ts'

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'

/** The first column of every kind. */
export const nameColumn: PrinterColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: nameDescription,
  priority: 0,
  value: (object) => object.metadata.name ?? '',
}

const ageDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'

/** The last column of most built-in kinds: how long ago the object was created. */
export const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'string',
  format: '',
  description: ageDescription,
  priority: 0,
  value: (object, now) => ageOf(object.metadata.creationTimestamp, now),
}

/** The column of a custom kind that has none of its own, where it is a date. */
export const customAgeColumn: PrinterColumn = {
  ...ageColumn,
  type: 'date',
  value: '.metadata.creationTimestamp',
}

/** A column of a built-in kind, as the printers of `k8s.io/kubernetes/pkg/printers/internalversion` declare it. */
export function column(
  name: string,
  type: 'string' | 'integer',
  value: (object: Unstructured, now: number) => unknown,
  priority = 0,
): PrinterColumn {
  return { name, type, format: '', description: '', priority, value }
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

/**
 * How long ago an RFC 3339 time was at `now` (milliseconds since the epoch), as the cells of Tables say it: `5m`, `3d4h`;
 * `<unknown>` without a time.
 * `ConvertToHumanReadableDateType` of `k8s.io/apimachinery/pkg/api/meta/table`.
 */
export function ageOf(timestamp: string | undefined, now: number): string {
  if (!timestamp) return '<unknown>'
  const time = rfc3339.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  return Number.isNaN(time) ? '<invalid>' : humanDuration(now - time)
}
