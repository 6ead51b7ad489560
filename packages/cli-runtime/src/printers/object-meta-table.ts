import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Table, TableColumnDefinition } from '@k1s/core'
import { isList, isTable } from './lists.ts'
import type { Printable } from './printer.ts'

const column = (name: string, type: string, format = ''): TableColumnDefinition => ({
  name,
  type,
  format,
  description: '',
  priority: 0,
})

/** The object if it is a Table, else a Table of what every object has. */
export function tableOf(object: Printable): Table {
  return isTable(object) ? object : objectMetaTable(object)
}

/** A Table of what every object has, name and age, for objects that did not come as a Table; of a Status, its text. */
export function objectMetaTable(object: Printable): Table {
  const table = (columnDefinitions: TableColumnDefinition[], rows: Table['rows']): Table => ({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions,
    rows,
  })
  if (object.kind === 'Status' && 'status' in object) {
    const { status, reason = '', message = '' } = object
    const columns = [column('Status', 'string'), column('Reason', 'string'), column('Message', 'string')]
    return table(columns, [{ cells: [status, reason, message], object: object as unknown as Unstructured }])
  }
  const items: readonly KubernetesObject[] = isList(object) ? object.items : [object as KubernetesObject]
  return table(
    [column('Name', 'string', 'name'), column('Age', 'date')],
    items.map((item) => ({
      cells: [item.metadata.name ?? '', item.metadata.creationTimestamp ?? ''],
      object: item as Unstructured,
    })),
  )
}
