import { ageColumn, column, nameColumn } from '../builtin/printer-column.ts'
import { readFieldPath } from '../field-path.ts'
import type { PrinterColumn } from '../resource-definition.ts'

/** The columns of a Scale: `printScale` of `k8s.io/kubernetes/pkg/printers/internalversion`. */
export const scaleColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Desired', 'integer', (scale) => readFieldPath(scale, '.spec.replicas') ?? 0),
  column('Available', 'integer', (scale) => readFieldPath(scale, '.status.replicas') ?? 0),
  ageColumn,
]
