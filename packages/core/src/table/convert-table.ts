import type { ListMeta, Unstructured } from '@k1s/apimachinery'
import { ageOf } from '../builtin/printer-column.ts'
import { readFieldPath } from '../field-path.ts'
import type { PrinterColumn } from '../resource-definition.ts'
import { asPartialObjectMetadata } from './partial-object-metadata.ts'
import type { IncludeObjectPolicy, Table, TableColumnDefinition, TableRow } from './table.ts'

/**
 * Objects as the rows of a Table: `tableconvertor` of `k8s.io/apiextensions-apiserver`, and of built-in kinds.
 * `includeObject` is `Metadata` unless given; ages are those at `now`, milliseconds since the epoch.
 */
export function convertToTable(
  columns: readonly PrinterColumn[],
  objects: readonly Unstructured[],
  metadata: ListMeta,
  includeObject?: IncludeObjectPolicy,
  now: number = Date.now(),
): Table {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(columnDefinition),
    rows: objects.map((object) => tableRow(columns, object, includeObject, now)),
  }
}

export function tableRow(
  columns: readonly PrinterColumn[],
  object: Unstructured,
  includeObject: IncludeObjectPolicy | undefined,
  now: number,
): TableRow {
  return {
    cells: columns.map((column) => cellOf(column, object, now)),
    object: included(object, includeObject),
  }
}

function included(object: Unstructured, policy: IncludeObjectPolicy = 'Metadata'): Unstructured | null {
  if (policy === 'Object') return object
  return policy === 'None' ? null : { ...asPartialObjectMetadata(object) }
}

export function columnDefinition({
  name,
  type,
  format,
  description,
  priority,
}: PrinterColumn): TableColumnDefinition {
  return { name, type, format, description, priority }
}

function cellOf({ value, type }: PrinterColumn, object: Unstructured, now: number): unknown {
  const result = typeof value === 'function' ? value(object, now) : readFieldPath(object, value)
  if (typeof value === 'function' && type !== 'date') return result
  if (result === undefined || result === null) return null
  switch (type) {
    case 'string':
      return typeof result === 'string' ? result : JSON.stringify(result)
    case 'integer':
      return typeof result === 'number' ? Math.trunc(result) : null
    case 'number':
      return typeof result === 'number' ? result : null
    case 'boolean':
      return typeof result === 'boolean' ? result : null
    case 'date':
      return typeof result === 'string' ? ageOf(result, now) : null
    default:
      return null
  }
}
