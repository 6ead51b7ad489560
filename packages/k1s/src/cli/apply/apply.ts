import { type Info, toList, UsageError } from '@k1s/cli-runtime'
import type { Command, Invocation } from '../command.ts'
import { type DryRunStrategy, dryRunOperation, dryRunStrategy } from '../dry-run.ts'
import { fieldValidation } from '../field-validation.ts'
import { asObject } from '../objects.ts'
import { requireFilename } from '../require-filename.ts'
import { type ApplyFlags, addApplyFlags, validateApplyFlags } from './flags.ts'

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

# Let the server merge, and take over what other managers own
k1s apply -f ./item.yaml --server-side --force-conflicts

# See what would be done, without doing it
k1s apply -f ./item.yaml --dry-run=server`,

  subcommands: [
    {
      name: 'view-last-applied',
      summary: 'View the latest last-applied-configuration annotations of a resource/object',
      load: async () => (await import('./view-last-applied.ts')).viewLastApplied,
    },
  ],

  flags: addApplyFlags,

  async run(invocation) {
    const { flags, factory, args, commandPath } = invocation
    if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(' ')}]`, commandPath)
    requireFilename(flags)
    const dryRun = dryRunStrategy(flags, factory.streams.err)
    validateApplyFlags(flags, dryRun)

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
      const applied = { info, operation: await applyOne(info, invocation, dryRun) }
      results.push(applied)
      if (printsOperations(flags)) await printOperation(applied, invocation, dryRun)
    })
    if (results.length === 0) throw new Error('no objects passed to apply')
    if (!printsOperations(flags)) await printAll(results, invocation)
  },
}

interface AppliedObject {
  readonly info: Info
  readonly operation: string
}

async function applyOne(
  info: Info,
  invocation: Invocation<ApplyFlags>,
  dryRun: DryRunStrategy,
): Promise<string> {
  const { generateName } = asObject(info).metadata
  if (info.name === '' && generateName) {
    throw new Error(`from ${generateName}: cannot use generate name with apply`)
  }
  if (invocation.flags.serverSide) {
    const { applyServerSide } = await import('./server-side.ts')
    return applyServerSide(info, invocation, dryRun)
  }
  const { applyClientSide } = await import('./client-side.ts')
  return applyClientSide(info, invocation, dryRun)
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
