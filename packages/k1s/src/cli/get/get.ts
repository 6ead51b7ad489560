import {
  addAllNamespacesFlag,
  addFieldSelectorFlag,
  addFilenameFlags,
  addLabelSelectorFlag,
  addPrintFlags,
  addTableFlags,
  type Builder,
  type FilenameOptions,
  type Info,
  type PrintFlags,
  type SelectorFlags,
  tableOf,
  UsageError,
} from '@k1s/cli-runtime'
import type { Table } from '@k1s/core'
import type { Command, Invocation } from '../command.ts'
import { parseInteger } from '../flag-set.ts'

export interface GetFlags extends PrintFlags, SelectorFlags, FilenameOptions {
  watch?: boolean
  watchOnly?: boolean
  outputWatchEvents?: boolean
  ignoreNotFound?: boolean
  showKind?: boolean
  chunkSize: number
  subresource?: string
}

export const get: Command<GetFlags> = {
  usage:
    'get [(-o|--output=)json|yaml|name|wide|jsonpath|custom-columns|…] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  description: `Display one or many resources.

Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in the current namespace if you don't specify any namespace.

Use "k1s api-resources" for a complete list of supported resources.`,
  examples: `# List all config maps in table form
k1s get configmaps

# List all items in the table form with more columns
k1s get items -o wide

# List items in JSON, in the "v1" version of the "inventory.k1s.dev" API group
k1s get items.v1.inventory.k1s.dev -o json

# List an object identified by type and name specified in "item.yaml" in YAML
k1s get -f item.yaml -o yaml

# Return only the phase of an item
k1s get item laptop -o jsonpath='{.status.phase}'

# List resource information in custom columns
k1s get items -o custom-columns=NAME:.metadata.name,BRAND:.spec.brand

# List config maps and secrets together
k1s get configmaps,secrets

# List one or more resources by their type and names
k1s get configmap/web secret/frontend

# List in all namespaces, and print every change until interrupted
k1s get items --all-namespaces --watch`,

  flags(set) {
    addPrintFlags(set, ['wide', 'custom-columns', 'custom-columns-file'])
    addTableFlags(set)
    addLabelSelectorFlag(set)
    addFieldSelectorFlag(set)
    addAllNamespacesFlag(set)
    addFilenameFlags(set, 'Filename or directory of files identifying the resource to get from a server.')
    set
      .option('-w, --watch', 'After listing/getting the requested object, watch for changes.')
      .option('--watch-only', 'Watch for changes to the requested object(s), without listing/getting first.')
      .option(
        '--output-watch-events',
        'Output watch event objects when --watch or --watch-only is used. Existing objects are output as initial ADDED events.',
      )
      .option(
        '--ignore-not-found',
        'If set to true, suppresses NotFound error for specific objects that do not exist. Using this flag with commands that query for collections of resources has no effect when no resources are found.',
      )
      .option('--show-kind', 'If present, list the resource type for the requested object(s).')
      .option(
        '--chunk-size <number>',
        'Return large lists in chunks rather than all at once. Pass 0 to disable.',
        parseInteger,
        500,
      )
      .option('--subresource <name>', 'If specified, gets the subresource of the requested object.')
  },

  async run(invocation) {
    validate(invocation)
    const { flags } = invocation
    if (flags.watch || flags.watchOnly) {
      const { watchObjects } = await import('./watch-objects.ts')
      return watchObjects(invocation)
    }
    if (isTableOutput(flags.output)) return printTables(invocation)
    const { printObjects } = await import('./print-objects.ts')
    return printObjects(invocation)
  },
}

/** With the texts of GetOptions.Complete and Validate of `k8s.io/kubectl/pkg/cmd/get`. */
function validate({ flags, args, commandPath, factory }: Invocation<GetFlags>): void {
  const { output = '' } = flags
  if (flags.showLabels && !isTableOutput(output)) {
    throw new Error(`--show-labels option cannot be used with ${output} printer`)
  }
  if (flags.labelColumns !== undefined && output.startsWith('custom-columns')) {
    throw new Error(`--label-columns option cannot be used with ${output} printer`)
  }
  const watching = flags.watch || flags.watchOnly
  if (flags.outputWatchEvents && !watching) {
    throw new Error('--output-watch-events option can only be used with --watch or --watch-only')
  }
  if (watching && flags.sortBy) {
    factory.streams.err.write(
      flags.watch
        ? 'warning: --watch requested, --sort-by will be ignored for watch events received\n'
        : 'warning: --watch-only requested, --sort-by will be ignored\n',
    )
  }
  if (!watching && args.length === 0 && flags.filename === undefined && flags.kustomize === undefined) {
    factory.streams.err.write(
      'You must specify the type of resource to get. Use "k1s api-resources" for a complete list of supported resources.\n\n',
    )
    throw new UsageError(
      'Required resource not specified.\nUse "k1s explain <resource>" for a detailed description of that resource (e.g. k1s explain pods).',
      commandPath,
    )
  }
}

export function isTableOutput(output: string | undefined): boolean {
  return output === undefined || output === '' || output === 'wide'
}

/** The builder with everything that all forms of `get` share. */
export async function getBuilder({ flags, args, factory }: Invocation<GetFlags>): Promise<Builder> {
  const { namespace, enforced } = await factory.namespace()
  return factory
    .newBuilder()
    .namespaceParam(namespace)
    .defaultNamespace()
    .allNamespaces(flags.allNamespaces)
    .filenameParam(enforced && !flags.allNamespaces, flags)
    .labelSelectorParam(flags.selector)
    .fieldSelectorParam(flags.fieldSelector)
    .subresource(flags.subresource)
    .requestChunksOf(flags.sortBy ? 0 : flags.chunkSize)
    .resourceTypeOrNameArgs(true, args)
    .latest()
}

async function printTables(invocation: Invocation<GetFlags>): Promise<void> {
  const { flags, factory } = invocation
  const builder = await getBuilder(invocation)
  const result = builder
    .asTable(true, { includeObject: Boolean(flags.sortBy) })
    .continueOnError()
    .flatten()
    .do()
  if (flags.ignoreNotFound) {
    const { isNotFound } = await import('@k1s/apimachinery')
    result.ignoreErrors(isNotFound)
  }
  const { infos, error } = await result.infosAndError()
  const withKind = flags.showKind || severalKinds(infos)

  let written = false
  let withNamespace = false
  for (const { mapping, table } of tablesByMapping(infos)) {
    // As for kubectl, a table behind one with namespaces has the column too, whether it has namespaces or not.
    withNamespace ||= flags.allNamespaces === true && mapping.namespaced
    if (table.rows.length === 0) continue
    const printer = await factory.printer({
      ...flags,
      noHeaders: flags.headers === false,
      wide: flags.output === 'wide',
      withNamespace,
      ...(flags.labelColumns !== undefined && { columnLabels: flags.labelColumns }),
      ...(withKind && { withKind: { group: mapping.group, kind: mapping.kind } }),
    })
    if (written && flags.headers !== false) factory.streams.out.write('\n')
    printer.print(table, factory.streams.out)
    written = true
  }
  if (!written && !flags.ignoreNotFound && error === undefined) {
    const inNamespace = !flags.allNamespaces && infos.every(({ mapping }) => mapping.namespaced)
    factory.streams.err.write(
      inNamespace
        ? `No resources found in ${(await factory.namespace()).namespace} namespace.\n`
        : 'No resources found\n',
    )
  }
  if (error !== undefined) throw error
}

function severalKinds(infos: readonly Info[]): boolean {
  const [first] = infos
  return infos.some(
    ({ mapping }) =>
      mapping.kind !== first!.mapping.kind ||
      mapping.group !== first!.mapping.group ||
      mapping.version !== first!.mapping.version,
  )
}

/** Rows of neighbours of one kind share a table, so that their columns line up below one header. */
function tablesByMapping(infos: readonly Info[]): { mapping: Info['mapping']; table: Table }[] {
  const groups: { mapping: Info['mapping']; table: Table }[] = []
  for (const { mapping, object } of infos) {
    const table = tableOf(object!)
    const last = groups.at(-1)
    if (
      last !== undefined &&
      last.mapping.plural === mapping.plural &&
      last.mapping.group === mapping.group
    ) {
      last.table.rows.push(...table.rows)
    } else {
      groups.push({ mapping, table: { ...table, rows: [...table.rows] } })
    }
  }
  return groups
}
