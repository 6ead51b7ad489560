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
  /** Strings, numbers, booleans or null, one per column. Column type `date` holds an RFC 3339 time as text. */
  cells: unknown[]
  object: Unstructured
}

/** `metav1.Table`, with whole objects in its rows. */
export interface Table {
  kind: 'Table'
  apiVersion: 'meta.k8s.io/v1'
  metadata: ListMeta
  columnDefinitions: TableColumnDefinition[]
  rows: TableRow[]
}
