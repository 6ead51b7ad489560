import { appendCommaList } from '@k1s/cli-runtime'
import { addRunControllersFlag } from '../after-write/run-controllers-flag.ts'
import type { Command } from '../command.ts'
import { addDryRunFlag, type DryRunFlags } from '../dry-run.ts'
import { addFieldManagerFlag } from '../field-manager.ts'
import { addFieldValidationFlag, type FieldValidationFlags } from '../field-validation.ts'
import { parseBoolean, parseInteger } from '../flag-set.ts'

export interface ImportFlags extends DryRunFlags, FieldValidationFlags {
  filename?: string[]
  onConflict: string
  forceConflicts?: boolean
  missingOwners: string
  namespaceMap?: string[]
  status: boolean
  parallel: number
  fieldManager: string
  quiet?: boolean
}

export const importCommand: Command<ImportFlags> = {
  usage: 'import -f FILENAME',
  description: `Import objects that were exported with "k1s export", or any other manifests.

Namespaces and custom resource definitions are created first, then owners before what they own, then all else that would count or judge other objects. References to owners are set to the owners as they are where the objects are imported. The status is restored where the server does not compute it.

Before anything is written, everything is looked at: unless flags say otherwise, nothing is imported if an object is there already and differs, or if a kind, a namespace or an owner is missing. Objects that are there already and do not differ are left alone, so that an import that was ended can be repeated.

Directories are read with all directories below them.`,
  examples: `# Import what was exported into a directory
k1s import -f dump/

# Copy everything from one store to another
k1s export -o jsonl | k1s --data-dir=./copy import -f -

# Leave objects alone that are there already
k1s import -f dump/ --on-conflict=skip

# Import the objects of one namespace into another
k1s export -n shop | k1s import -f - --namespace-map=shop=trial

# Say what would be done
k1s import -f dump/ --dry-run=client`,

  flags(set) {
    set
      .option(
        '-f, --filename <path>',
        'Files or directories with the objects to import, or - for standard input.',
        appendCommaList,
      )
      .option(
        '--on-conflict <policy>',
        'Must be "fail", "skip", "update", or "apply". What to do about objects that are there already and differ: import nothing, leave them alone, replace them, or merge by server-side apply.',
        undefined,
        'fail',
      )
      .option(
        '--force-conflicts',
        'With --on-conflict=apply: take over fields that other managers own, instead of failing.',
      )
      .option(
        '--missing-owners <policy>',
        'Must be "fail", "drop", or "keep". What to do about references to owners that are neither imported nor there: import nothing, leave the reference away, or keep it as it is.',
        undefined,
        'fail',
      )
      .option(
        '--namespace-map <from=to>',
        'Import the objects of one namespace into another. This flag can be repeated.',
        appendCommaList,
      )
      .option(
        '--status [bool]',
        'Restore the status of objects, unless the server computes it by itself.',
        parseBoolean,
        true,
      )
      .option('--parallel <number>', 'How many requests are under way at once.', parseInteger, 64)
    addDryRunFlag(set)
    addRunControllersFlag(set)
    addFieldManagerFlag(set, 'k1s-import')
    addFieldValidationFlag(set)
    set.option('-q, --quiet', 'Print neither progress nor a summary.')
  },

  async run(invocation) {
    const { runImport } = await import('./run-import.ts')
    return runImport(invocation)
  },
}
