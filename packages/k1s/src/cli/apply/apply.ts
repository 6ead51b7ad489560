import { isNotFound, lastAppliedConfigAnnotation } from '@k1s/apimachinery'
import {
  addFilenameFlags,
  addLabelSelectorFlag,
  addPrintFlags,
  addSourceToError,
  type FilenameOptions,
  type Info,
  type PrintFlags,
  type SelectorFlags,
  toList,
  UsageError,
} from '@k1s/cli-runtime'
import type { Command, Invocation } from '../command.ts'
import {
  addDryRunFlag,
  type DryRunFlags,
  type DryRunStrategy,
  dryRunOperation,
  dryRunStrategy,
} from '../dry-run.ts'
import { addFieldValidationFlag, type FieldValidationFlags, fieldValidation } from '../field-validation.ts'
import { withLastApplied } from '../last-applied.ts'
import { asObject } from '../objects.ts'
import { requireFilename } from '../require-filename.ts'
import { describeInfo } from './describe-info.ts'
import { applyThreeWay } from './three-way.ts'

export interface ApplyFlags
  extends PrintFlags,
    FilenameOptions,
    SelectorFlags,
    DryRunFlags,
    FieldValidationFlags {
  serverSide?: boolean
  forceConflicts?: boolean
  fieldManager?: string
  force?: boolean
  prune?: boolean
  all?: boolean
}

export const apply: Command<ApplyFlags> = {
  usage: 'apply -f FILENAME',
  description: `Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.

JSON and YAML formats are accepted.`,
  examples: `# Apply the configuration in item.yaml to an item
k1s apply -f ./item.yaml

# Apply the configuration passed into stdin
cat item.yaml | k1s apply -f -

# Apply all configurations below a directory
k1s apply -R -f ./inventory

# See what would be done, without doing it
k1s apply -f ./item.yaml --dry-run=server`,

  subcommands: [
    {
      name: 'view-last-applied',
      summary: 'View the latest last-applied-configuration annotations of a resource/object',
      load: async () => (await import('./view-last-applied.ts')).viewLastApplied,
    },
  ],

  flags(set) {
    addPrintFlags(set)
    addFilenameFlags(set, 'The files or directories that contain the configurations to apply.')
    addLabelSelectorFlag(set)
    addDryRunFlag(set)
    addFieldValidationFlag(set)
    set
      .option('--server-side', 'If true, apply runs in the server instead of the client.')
      .option('--force-conflicts', 'If true, server-side apply will force the changes against conflicts.')
      .option(
        '--field-manager <name>',
        'Name of the manager that requests carry. Field ownership is not tracked.',
      )
      .option(
        '--force',
        'If true, delete and re-create an object whose change is refused, such as one of an immutable field.',
      )
      .option('--prune', 'Refused: delete what is no longer wanted by name or by label.')
      .option('--all', 'Refused together with --prune.')
  },

  async run(invocation) {
    const { flags, factory, args, commandPath } = invocation
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    requireFilename(flags)
    const dryRun = dryRunStrategy(flags, factory.streams.err)
    validate(flags, dryRun)

    const { namespace, enforced } = await factory.namespace()
    const result = factory
      .newBuilder()
      .continueOnError()
      .namespaceParam(namespace)
      .defaultNamespace()
      .filenameParam(enforced, flags)
      .fieldValidation(fieldValidation(flags))
      .labelSelectorParam(flags.selector)
      .flatten()
      .do()

    // One after the other, so that a kind may stand before its objects in one file.
    const results: AppliedObject[] = []
    await result.visit(async (info) => {
      const applied = flags.serverSide
        ? await applyServerSide(info, invocation, dryRun)
        : await applyClientSide(info, invocation, dryRun)
      results.push(applied)
      if (printsOperations(flags)) await printOperation(applied, invocation, dryRun)
    })
    if (results.length === 0) throw new Error('no objects passed to apply')
    if (!printsOperations(flags)) await printAll(results, invocation)
  },
}

/** With the texts of ApplyOptions.Validate of `k8s.io/kubectl/pkg/cmd/apply`. */
function validate(flags: ApplyFlags, dryRun: DryRunStrategy): void {
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
}

interface AppliedObject {
  readonly info: Info
  readonly operation: string
}

async function applyClientSide(
  info: Info,
  { flags, factory }: Invocation<ApplyFlags>,
  dryRun: DryRunStrategy,
): Promise<AppliedObject> {
  const wanted = asObject(info)
  if (info.name === '' && wanted.metadata.generateName) {
    throw new Error(`from ${wanted.metadata.generateName}: cannot use generate name with apply`)
  }
  const modified = withLastApplied(wanted)
  const client = await factory.client()
  const options = {
    dryRun: dryRun === 'server',
    fieldManager: flags.fieldManager ?? 'kubectl-client-side-apply',
    fieldValidation: fieldValidation(flags),
    onWarning: factory.warn,
  }

  try {
    if (info.name === '') throw new Error('resource name may not be empty')
    await info.get()
  } catch (error) {
    if (!isNotFound(error)) {
      throw addSourceToError(
        `retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`,
        info.source,
        error,
      )
    }
    let object = withoutNulls(modified)
    if (dryRun !== 'client') {
      try {
        object = await client.create(object, options)
      } catch (failure) {
        throw addSourceToError('creating', info.source, failure)
      }
    }
    info.refresh(object)
    return { info, operation: 'created' }
  }

  if (asObject(info).metadata.annotations?.[lastAppliedConfigAnnotation] === undefined) {
    factory.warn(
      `resource ${info.objectName()} is missing the ${lastAppliedConfigAnnotation} annotation which is required by k1s apply. k1s apply should only be used on resources created declaratively by either k1s create --save-config or k1s apply. The missing annotation will be patched automatically.`,
    )
  }
  const { object, changed } = await applyThreeWay({
    info,
    modified,
    client,
    local: dryRun === 'client',
    force: flags.force === true,
    options,
  })
  info.refresh(object)
  warnIfDeleting(info, factory.warn)
  return { info, operation: changed ? 'configured' : 'unchanged' }
}

async function applyServerSide(
  info: Info,
  { flags, factory }: Invocation<ApplyFlags>,
  dryRun: DryRunStrategy,
): Promise<AppliedObject> {
  const { explainServerSideError } = await import('./server-side-error.ts')
  const client = await factory.client()
  try {
    const object = await client.apply(asObject(info), {
      fieldManager: flags.fieldManager ?? 'kubectl',
      force: flags.forceConflicts === true,
      dryRun: dryRun === 'server',
      fieldValidation: fieldValidation(flags),
      onWarning: factory.warn,
    })
    info.refresh(object)
  } catch (error) {
    throw explainServerSideError(error)
  }
  warnIfDeleting(info, factory.warn)
  return { info, operation: 'serverside-applied' }
}

function warnIfDeleting(info: Info, warn: (text: string) => void): void {
  if (asObject(info).metadata.deletionTimestamp === undefined) return
  warn(`Detected changes to resource ${info.name} which is currently being deleted.`)
}

/** What is created is what a later merge would leave, and a merge removes nulls: pruneNullsFromMap of kubectl. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)])) as T
}

function printsOperations({ output }: ApplyFlags): boolean {
  return output === undefined || output === '' || output === 'name'
}

async function printOperation(
  { info, operation }: AppliedObject,
  { flags, factory }: Invocation<ApplyFlags>,
  dryRun: DryRunStrategy,
): Promise<void> {
  const printer = await factory.printer({ ...flags, operation: dryRunOperation(operation, dryRun) })
  printer.print(asObject(info), factory.streams.out)
}

/** `-o yaml` and its like print one object, or a List of several. */
async function printAll(
  results: readonly AppliedObject[],
  { flags, factory }: Invocation<ApplyFlags>,
): Promise<void> {
  const printer = await factory.printer(flags)
  const items = results.map(({ info }) => asObject(info))
  printer.print(items.length === 1 ? items[0]! : toList(items), factory.streams.out)
}
