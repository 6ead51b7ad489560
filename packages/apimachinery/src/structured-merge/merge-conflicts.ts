import { quote } from '../quote.ts'
import { eachPath, type FieldPath, type FieldSet, formatPath, hasPath } from './field-set.ts'

/** A field that another manager owns. */
export interface MergeConflict {
  readonly manager: string
  readonly path: FieldPath
}

/** What an apply would take from others. `merge/conflict.go` of structured-merge-diff; here in order of managers. */
export class MergeConflicts extends Error {
  readonly conflicts: readonly MergeConflict[]

  constructor(conflicts: readonly MergeConflict[]) {
    super(formatConflicts(conflicts, quote))
    this.name = 'MergeConflicts'
    this.conflicts = conflicts
  }

  static of(sets: ReadonlyMap<string, FieldSet>): MergeConflicts {
    const conflicts: MergeConflict[] = []
    for (const manager of [...sets.keys()].sort()) {
      eachPath(sets.get(manager)!, (path) => conflicts.push({ manager, path }))
    }
    return new MergeConflicts(conflicts)
  }

  /** The conflicts about fields that are not in the set. */
  without(allowed: FieldSet): MergeConflicts {
    return new MergeConflicts(this.conflicts.filter(({ path }) => !hasPath(allowed, path)))
  }
}

/** The conflicts in words; `name` prints a manager. */
export function formatConflicts(
  conflicts: readonly MergeConflict[],
  name: (manager: string) => string,
): string {
  const [first] = conflicts
  if (conflicts.length === 1) return `conflict with ${name(first!.manager)}: ${formatPath(first!.path)}`
  const lines: string[] = []
  let manager: string | undefined
  for (const conflict of conflicts) {
    if (conflict.manager !== manager) lines.push(`conflicts with ${name(conflict.manager)}:`)
    manager = conflict.manager
    lines.push(`- ${formatPath(conflict.path)}`)
  }
  return lines.join('\n')
}
