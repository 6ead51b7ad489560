import type { ListMeta, Unstructured } from '@k1s/apimachinery'

/** `metav1.TableColumnDefinition`. Priority 0 is shown always, greater ones with `-o wide`. */
export interface TableColumnDefinition {
  name: string
  type: string
  format: string
  description: string
  priority: number
}

export interface TableRow {
  /** Strings, numbers, booleans or null, one per column. Dates are ages: `5m`, `3d4h`. */
  cells: unknown[]
  /** The object, or as much of it as was asked for. */
  object: Unstructured | null
}

/**
 * How much of its object a row has: nothing, its metadata as a PartialObjectMetadata, or all of it.
 * `metav1.IncludeObjectPolicy`.
 */
export type IncludeObjectPolicy = 'None' | 'Metadata' | 'Object'

/** `metav1.Table`. The events of a watch have columns in the first one only. */
export interface Table {
  kind: 'Table'
  apiVersion: 'meta.k8s.io/v1'
  metadata: ListMeta
  columnDefinitions: TableColumnDefinition[]
  rows: TableRow[]
}
