/** The commands of the command line that write, by their names, and so have an after-write hook. */
export const afterWriteCommands = [
  'apply',
  'create',
  'delete',
  'replace',
  'patch',
  'label',
  'annotate',
  'import',
] as const

/** The name of a command after which controllers can run. */
export type AfterWriteCommand = (typeof afterWriteCommands)[number]
