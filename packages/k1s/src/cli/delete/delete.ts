import { isNotFound } from '@k1s/apimachinery'
import {
  addAllNamespacesFlag,
  addFieldSelectorFlag,
  addFilenameFlags,
  addLabelSelectorFlag,
  type FilenameOptions,
  type Result,
  type SelectorFlags,
} from '@k1s/cli-runtime'
import { addRunControllersFlag } from '../after-write/run-controllers-flag.ts'
import type { Command } from '../command.ts'
import { addDryRunFlag, type DryRunFlags, dryRunStrategy } from '../dry-run.ts'
import { parseDurationFlag } from '../duration-flag.ts'
import { parseBoolean, parseInteger } from '../flag-set.ts'
import { cascadeHelp, parseCascade } from './cascade.ts'
import { deleteObjects } from './delete-objects.ts'

interface DeleteFlags extends FilenameOptions, SelectorFlags, DryRunFlags {
  all?: boolean
  cascade: string
  force?: boolean
  gracePeriod: number
  now?: boolean
  ignoreNotFound?: boolean
  wait: boolean
  /** Milliseconds. */
  timeout: number
  output?: string
  interactive?: boolean
}

export const deleteCommand: Command<DeleteFlags> = {
  usage: 'delete ([-f FILENAME] | TYPE [(NAME | -l label | --all)])',
  description: `Delete resources by file names, stdin, resources and names, or by resources and label selector.

JSON and YAML formats are accepted. Only one type of argument may be specified: file names, resources and names, or resources and label selector.

Dependents of a deleted object, and the objects in a deleted namespace, are gone when the command returns. An object with finalizers stays until the last of them is removed, and the command waits for that unless --wait=false is given.

Note that the delete command does NOT do resource version checks, so if someone submits an update to a resource right when you submit a delete, their update will be lost along with the rest of the resource.`,
  examples: `# Delete an item using the type and name specified in item.yaml
k1s delete -f ./item.yaml

# Delete an item based on the type and name in the YAML passed into stdin
cat item.yaml | k1s delete -f -

# Delete items and config maps with same names "baz" and "foo"
k1s delete items,configmaps baz foo

# Delete items and config maps with label name=myLabel
k1s delete items,configmaps -l name=myLabel

# Delete an item and keep what depends on it
k1s delete item laptop --cascade=orphan

# Delete all items
k1s delete items --all

# Delete all items only if the user confirms
k1s delete items --all --interactive`,

  flags(set) {
    addFilenameFlags(set, 'Filename or directory of files containing the resource to delete.')
    addLabelSelectorFlag(set)
    addFieldSelectorFlag(set)
    addAllNamespacesFlag(set)
    addDryRunFlag(set)
    addRunControllersFlag(set)
    set
      .option('--all', 'Delete all resources, in the namespace of the specified resource types.')
      .option('--cascade [background]', cascadeHelp, undefined, 'background')
      .option(
        '--force',
        'If true, immediately remove resources from API and bypass graceful deletion. Finalizers are respected.',
      )
      .option(
        '--grace-period <seconds>',
        'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
        parseInteger,
        -1,
      )
      .option('--now', 'If true, resources are signaled for immediate shutdown (same as --grace-period=1).')
      .option(
        '--ignore-not-found',
        'Treat "resource not found" as a successful delete. Defaults to "true" when --all is specified.',
      )
      .option(
        '--wait [bool]',
        'If true, wait for resources to be gone before returning. This waits for finalizers.',
        parseBoolean,
        true,
      )
      .option(
        '--timeout <duration>',
        'The length of time to wait before giving up on a delete, zero means to wait for a week',
        parseDurationFlag,
        0,
      )
      .option('-i, --interactive', 'If true, delete resource only when user confirms.')
      .option('-o, --output <format>', 'Output mode. Use "-o name" for shorter output (resource/name).')
  },

  // Texts and order are those of DeleteOptions of k8s.io/kubectl/pkg/cmd/delete.
  async run({ flags, args, factory, changed, runControllers }) {
    const { err } = factory.streams
    const propagationPolicy = parseCascade(flags.cascade, err)
    const selecting = flags.all || flags.selector !== undefined || flags.fieldSelector !== undefined
    if (flags.now && flags.gracePeriod !== -1) {
      throw new Error('--now and --grace-period cannot be specified together')
    }
    const dryRun = dryRunStrategy(flags, err)
    const gracePeriod = effectiveGracePeriod(flags)
    const { namespace, enforced } = await factory.namespace()
    const result = factory
      .newBuilder()
      .continueOnError()
      .namespaceParam(namespace)
      .defaultNamespace()
      .filenameParam(enforced, flags)
      .labelSelectorParam(flags.selector)
      .fieldSelectorParam(flags.fieldSelector)
      .selectAllParam(flags.all)
      .allNamespaces(flags.allNamespaces)
      .resourceTypeOrNameArgs(false, args)
      .requireObject(false)
      .flatten()
      .do()
    if (result.error !== undefined) throw result.error

    if (flags.output !== undefined && flags.output !== '' && flags.output !== 'name') {
      throw new Error(`unexpected -o output mode: ${flags.output}. We only support '-o name'`)
    }
    if (flags.all && flags.selector) throw new Error('cannot set --all and --selector at the same time')
    if (flags.all && flags.fieldSelector) {
      throw new Error('cannot set --all and --field-selector at the same time')
    }
    if (flags.force && gracePeriod > 0) {
      throw new Error('--force and --grace-period greater than 0 cannot be specified together')
    }
    if (flags.force) {
      factory.warn(
        'Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
      )
    }
    const ignoreNotFound = changed('ignoreNotFound') ? flags.ignoreNotFound === true : selecting === true
    if (ignoreNotFound) result.ignoreErrors(isNotFound)
    let targets: Pick<Result, 'visit'> = result
    if (flags.interactive) {
      const { confirmDeletion } = await import('./confirm-deletion.ts')
      const confirmed = await confirmDeletion(result, factory.streams)
      if (confirmed === undefined) return
      targets = confirmed
    }
    await deleteObjects(targets, factory, {
      propagationPolicy,
      gracePeriod,
      dryRun,
      ignoreNotFound,
      wait: flags.wait,
      timeout: flags.timeout,
      nameOnly: flags.output === 'name',
      together: !result.targetsSingleItems,
      runControllers,
      warnClusterScope: enforced && !flags.allNamespaces,
    })
  },
}

function effectiveGracePeriod({ now, force, gracePeriod }: DeleteFlags): number {
  if (now) return 1
  if (gracePeriod === 0 && !force) return 1
  return force && gracePeriod < 0 ? 0 : gracePeriod
}
