import type { FlagSet } from './flag-set.ts'

/** The names of managers are kubectl's, so that both tools share what they own: `kubectl-create` and its like. */
export function addFieldManagerFlag(set: FlagSet, defaultName: string | undefined): void {
  set.option(
    '--field-manager <name>',
    'Name of the manager used to track field ownership.',
    undefined,
    defaultName,
  )
}
