import type { FlagDeclarer } from './flag-declarer.ts'

export interface SelectorFlags {
  selector?: string
  fieldSelector?: string
  allNamespaces?: boolean
}

/** Adds `-l/--selector`. */
export function addLabelSelectorFlag(command: FlagDeclarer): FlagDeclarer {
  return command.option(
    '-l, --selector <query>',
    "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.",
  )
}

/** Adds `--field-selector`. */
export function addFieldSelectorFlag(command: FlagDeclarer): FlagDeclarer {
  return command.option(
    '--field-selector <query>',
    "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). The server only supports a limited number of field queries per type.",
  )
}

/** Adds `-A/--all-namespaces`. */
export function addAllNamespacesFlag(command: FlagDeclarer): FlagDeclarer {
  return command.option(
    '-A, --all-namespaces',
    'If present, list the requested object(s) across all namespaces. Namespace in current context is ignored even if specified with --namespace.',
  )
}
