import { isNotFound, type Unstructured } from '@k1s/apimachinery'
import {
  addAllNamespacesFlag,
  addFilenameFlags,
  addLabelSelectorFlag,
  type Builder,
  type Factory,
  type FilenameOptions,
  type Info,
} from '@k1s/cli-runtime'
import type { Command, Invocation } from '../command.ts'
import { parseBoolean, parseInteger } from '../flag-set.ts'
import { asObject } from '../objects.ts'
import { builtinDescribers } from './describe-builtin.ts'
import { describeEvents, searchEvents } from './describe-events.ts'
import { describeGeneric } from './describe-generic.ts'
import { Description } from './description.ts'

interface DescribeFlags extends FilenameOptions {
  selector?: string
  allNamespaces?: boolean
  showEvents: boolean
  chunkSize: number
}

export const describe: Command<DescribeFlags> = {
  usage: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  description: `Show details of a specific resource or group of resources.

Print a detailed description of the selected resources, including related resources such as events. You may select a single object by name, all objects of that type, provide a name prefix, or label selector. For example:

    $ k1s describe TYPE NAME_PREFIX

will first check for an exact match on TYPE and NAME_PREFIX. If no such resource exists, it will output details for every resource that has a name prefixed with NAME_PREFIX.

Use "k1s api-resources" for a complete list of supported resources.`,
  examples: `# Describe an item
k1s describe items/laptop

# Describe an item identified by type and name in "item.yaml"
k1s describe -f item.yaml

# Describe all items
k1s describe items

# Describe items by label brand=dell
k1s describe items -l brand=dell

# Describe all items whose names start with 'lap'
k1s describe items lap`,

  flags(set) {
    addFilenameFlags(set, 'Filename or directory of files containing the resource to describe')
    addLabelSelectorFlag(set)
    addAllNamespacesFlag(set)
    set
      .option(
        '--show-events [bool]',
        'If true, display events related to the described object. Defaults to true for a single object, false for multiple objects and prefix matching.',
        parseBoolean,
        true,
      )
      .option(
        '--chunk-size <number>',
        'Return large lists in chunks rather than all at once. Pass 0 to disable.',
        parseInteger,
        500,
      )
  },

  // Texts and order are those of DescribeOptions of k8s.io/kubectl/pkg/cmd/describe.
  async run(invocation) {
    const { flags, args, changed, factory } = invocation
    const { out, err } = factory.streams
    if (args.length === 0 && flags.filename === undefined && flags.kustomize === undefined) {
      throw new Error(
        'You must specify the type of resource to describe. Use "k1s api-resources" for a complete list of supported resources.\n',
      )
    }
    const builder = await buildQuery(invocation, args)
    const { infos, error } = await builder.continueOnError().do().infosAndError()
    const many = error !== undefined || infos.length > 1
    const showEvents = many && !changed('showEvents') ? false : flags.showEvents
    if (isNotFound(error) && args.length === 2) {
      return describeByPrefix(invocation, args[0]!, args[1]!, showEvents, error)
    }

    for (const [index, info] of infos.entries()) {
      if (index > 0) out.write('\n\n')
      out.write(await describeObject(info, factory, showEvents))
    }
    if (error !== undefined) throw error
    if (infos.length === 0) {
      err.write(
        flags.allNamespaces
          ? 'No resources found\n'
          : `No resources found in ${(await factory.namespace()).namespace} namespace.\n`,
      )
    }
  },
}

async function buildQuery(
  { flags, factory }: Invocation<DescribeFlags>,
  args: readonly string[],
): Promise<Builder> {
  const { namespace, enforced } = await factory.namespace()
  return factory
    .newBuilder()
    .namespaceParam(namespace)
    .defaultNamespace()
    .allNamespaces(flags.allNamespaces)
    .filenameParam(enforced && !flags.allNamespaces, flags)
    .labelSelectorParam(flags.selector)
    .resourceTypeOrNameArgs(true, args)
    .requestChunksOf(flags.chunkSize)
    .latest()
    .flatten()
}

async function describeByPrefix(
  { flags, factory }: Invocation<DescribeFlags>,
  type: string,
  prefix: string,
  showEvents: boolean,
  notFound: Error,
): Promise<void> {
  const { namespace } = await factory.namespace()
  const infos = await factory
    .newBuilder()
    .namespaceParam(namespace)
    .defaultNamespace()
    .resourceTypeOrNameArgs(true, [type])
    .singleResourceType()
    .requestChunksOf(flags.chunkSize)
    .flatten()
    .do()
    .infos()
  const matching = infos.filter(({ name }) => name.startsWith(prefix))
  if (matching.length === 0) throw notFound
  for (const info of matching) {
    factory.streams.out.write(`${await describeObject(info, factory, showEvents)}\n`)
  }
}

async function describeObject(info: Info, factory: Factory, showEvents: boolean): Promise<string> {
  const object = asObject(info)
  const { group, kind } = info.mapping
  const builtin = group === '' && Object.hasOwn(builtinDescribers, kind) ? builtinDescribers[kind] : undefined
  const description = new Description()
  const describer = builtin?.describe ?? describeGeneric
  await describer(description, object as Unstructured, () => factory.client())
  if (showEvents && (builtin?.events ?? true)) {
    const events = await searchEvents(await factory.client(), object as Unstructured)
    if (events !== undefined) await describeEvents(description, events)
  }
  return description.toString()
}
