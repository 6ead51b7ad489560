import {
  addAllNamespacesFlag,
  addFieldSelectorFlag,
  addLabelSelectorFlag,
  appendCommaList,
  type SelectorFlags,
} from '@k1s/cli-runtime'
import type { Command } from '../command.ts'
import { parseBoolean, parseInteger } from '../flag-set.ts'

export interface ExportFlags extends SelectorFlags {
  outputDir?: string
  output?: string
  include?: string[]
  exclude?: string[]
  system?: boolean
  status: boolean
  keepMetadata?: boolean
  overwrite?: boolean
  chunkSize: number
  quiet?: boolean
}

export const exportCommand: Command<ExportFlags> = {
  usage:
    'export [(-f|--output-dir=)DIR] [(-o|--output=)yaml|json|jsonl] [TYPE[.VERSION][.GROUP] | TYPE[.VERSION][.GROUP]/NAME ...] [flags]',
  description: `Export objects, so that "k1s import" can create them in another store or cluster.

Without arguments, all objects of all namespaces are exported that a user owns: not those that the system makes by itself, and no events. What the server has set (uid, resourceVersion, creationTimestamp, generation, managedFields) is left out, and owners are referred to by their names. Kinds and objects always come in the same order, in which they can be created.

Objects are written to standard output, or each into a file of its own below a directory. Secrets are exported as all else is: keep the output where nobody else can read it.`,
  examples: `# Export everything into a directory, one file for each object
k1s export -f dump/

# Do it again, replacing the files
k1s export -f dump/ --overwrite

# Copy everything from one store to another
k1s export -o jsonl | k1s --data-dir=./copy import -f -

# Export one namespace
k1s export -n shop > shop.yaml

# Export all config maps of all namespaces, and one item
k1s export configmaps -A
k1s export item/laptop

# Export everything but secrets, with events
k1s export --exclude=secrets --include=events`,

  flags(set) {
    set
      .option(
        '-f, --output-dir <dir>',
        'Write each object into a file of its own below this directory, which must be empty or not exist.',
      )
      .option(
        '-o, --output <format>',
        'Output format. One of: (yaml, json, jsonl): YAML documents, one List in JSON, or one object in JSON on each line. Files are written as yaml or json.',
      )
    addAllNamespacesFlag(set)
    addLabelSelectorFlag(set)
    addFieldSelectorFlag(set)
    set
      .option(
        '--include <types>',
        'Resource types to export besides, that are left out otherwise, such as events.',
        appendCommaList,
      )
      .option('--exclude <types>', 'Resource types to leave out.', appendCommaList)
      .option(
        '--system',
        'Also export what the system makes by itself, such as the namespace kube-system and all that is in it.',
      )
      .option(
        '--status [bool]',
        'Export the status of objects, unless the server computes it by itself.',
        parseBoolean,
        true,
      )
      .option(
        '--keep-metadata',
        'Also export what the server has set: uid, resourceVersion, creationTimestamp, generation, managedFields.',
      )
      .option('--overwrite', 'Replace the export that is in the directory.')
      .option('--chunk-size <number>', 'Read large lists in chunks of this many objects.', parseInteger, 500)
      .option('-q, --quiet', 'Print neither progress nor a summary.')
  },

  async run(invocation) {
    const { runExport } = await import('./run-export.ts')
    return runExport(invocation)
  },
}
