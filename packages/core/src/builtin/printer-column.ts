import type { Unstructured } from '@k1s/apimachinery'
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

/** The last column of most kinds: how long ago the object was created. */
export const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  format: '',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is represented in RFC3339 form and is in UTC.',
  priority: 0,
  value: (object) => object.metadata.creationTimestamp ?? null,
}

/** A column of a built-in kind, as the printers of `k8s.io/kubernetes/pkg/printers/internalversion` declare it. */
export function column(
  name: string,
  type: 'string' | 'integer' | 'date',
  value: (object: Unstructured) => unknown,
  priority = 0,
): PrinterColumn {
  return { name, type, format: '', description: '', priority, value }
}
