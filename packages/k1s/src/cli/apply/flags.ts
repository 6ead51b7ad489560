import {
  addFilenameFlags,
  addLabelSelectorFlag,
  addPrintFlags,
  type FilenameOptions,
  type PrintFlags,
  type SelectorFlags,
} from '@k1s/cli-runtime'
import { addRunControllersFlag } from '../after-write/run-controllers-flag.ts'
import { addDryRunFlag, type DryRunFlags, type DryRunStrategy } from '../dry-run.ts'
import { addFieldManagerFlag } from '../field-manager.ts'
import { addFieldValidationFlag, type FieldValidationFlags } from '../field-validation.ts'
import { type FlagSet, parseBoolean } from '../flag-set.ts'

export interface ApplyFlags
  extends PrintFlags,
    FilenameOptions,
    SelectorFlags,
    DryRunFlags,
    FieldValidationFlags {
  serverSide?: boolean
  forceConflicts?: boolean
  fieldManager?: string
  subresource?: string
  overwrite: boolean
  force?: boolean
  prune?: boolean
  all?: boolean
}

export function addApplyFlags(set: FlagSet): void {
  addPrintFlags(set)
  addFilenameFlags(set, 'The files or directories that contain the configurations to apply.')
  addLabelSelectorFlag(set)
  addDryRunFlag(set)
  addRunControllersFlag(set)
  addFieldValidationFlag(set)
  // Two defaults: kubectl-client-side-apply, and kubectl with --server-side.
  addFieldManagerFlag(set, undefined)
  set
    .option('--server-side', 'If true, apply runs in the server instead of the client.')
    .option('--force-conflicts', 'If true, server-side apply will force the changes against conflicts.')
    .option(
      '--overwrite [bool]',
      'Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration',
      parseBoolean,
      true,
    )
    .option(
      '--subresource <name>',
      'If specified, apply will operate on the subresource of the requested object. Only allowed when using --server-side.',
    )
    .option(
      '--force',
      'If true, delete and re-create an object whose change is refused, such as one of an immutable field.',
    )
    .option('--prune', 'Refused: delete what is no longer wanted by name or by label.')
    .option('--all', 'Refused together with --prune.')
}

/** With the texts of ApplyOptions.Validate of `k8s.io/kubectl/pkg/cmd/apply`. */
export function validateApplyFlags(flags: ApplyFlags, dryRun: DryRunStrategy): void {
  if (flags.forceConflicts && !flags.serverSide) {
    throw new Error('--force-conflicts only works with --server-side')
  }
  if (dryRun === 'client' && flags.serverSide) {
    throw new Error(
      "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    )
  }
  if (flags.serverSide && flags.force) throw new Error('--force cannot be used with --server-side')
  if (dryRun === 'server' && flags.force) throw new Error('--dry-run=server cannot be used with --force')
  if (flags.prune) {
    throw new Error(
      '--prune is not supported by k1s. Delete what is no longer wanted with "k1s delete", by name, file or label',
    )
  }
  if (flags.all) throw new Error('--all only works with --prune, which is not supported by k1s')
  if (flags.subresource && !flags.serverSide) {
    throw new Error('--subresource can only be specified for --server-side')
  }
}
