import type { StatusCause } from '../meta.ts'
import { quote } from '../quote.ts'
import { newApplyConflict, type StatusError } from '../status-error.ts'
import { formatPath } from '../structured-merge/field-set.ts'
import { formatConflicts, type MergeConflicts } from '../structured-merge/merge-conflicts.ts'
import type { ManagerIdentity } from './managed-entries.ts'

/**
 * 409 Conflict with a cause `FieldManagerConflict` for each field: `Apply failed with 1 conflict: conflict with "other"
 * using v1: .spec.replicas`. Follows `managedfields/internal/conflict.go`; conflicts are in order of their managers.
 */
export function newFieldConflict({ conflicts }: MergeConflicts): StatusError {
  const causes = conflicts.map(
    ({ manager, path }): StatusCause => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${formatManager(manager)}`,
      field: formatPath(path),
    }),
  )
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`
  return newApplyConflict(causes, `Apply failed with ${count}: ${formatConflicts(conflicts, formatManager)}`)
}

/** The manager of an identifier: `"kubectl" with subresource "status" using apps/v1`. */
function formatManager(identifier: string): string {
  const {
    manager = '',
    subresource,
    operation,
    apiVersion,
  } = JSON.parse(identifier) as Partial<ManagerIdentity>
  const part = subresource ? ` with subresource ${quote(subresource)}` : ''
  const version = operation === 'Update' ? ` using ${apiVersion}` : ''
  return `${quote(manager)}${part}${version}`
}
