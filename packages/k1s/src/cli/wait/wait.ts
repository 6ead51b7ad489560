import { isNotFound } from '@k1s/apimachinery'
import {
  addAllNamespacesFlag,
  addFieldSelectorFlag,
  addFilenameFlags,
  addLabelSelectorFlag,
  addPrintFlags,
  type Builder,
  type FilenameOptions,
  type Info,
  type PrintFlags,
  type SelectorFlags,
} from '@k1s/cli-runtime'
import type { Command, Invocation } from '../command.ts'
import { parseDurationFlag } from '../duration-flag.ts'
import { exitOnSignals } from '../exit-on-signals.ts'
import { asObject } from '../objects.ts'
import { type Condition, parseCondition } from './condition.ts'
import { waitForCondition } from './wait-for-condition.ts'
import { waitUntilDeleted } from './wait-until-deleted.ts'

interface WaitFlags extends PrintFlags, FilenameOptions, SelectorFlags {
  for?: string[]
  all?: boolean
  /** Milliseconds. */
  timeout: number
}

const week = 168 * 60 * 60 * 1000

export const wait: Command<WaitFlags> = {
  usage:
    "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  description: `Wait for a specific condition on one or many resources.

The command takes multiple resources and waits until the specified condition is seen in the Status field of every given resource.

Alternatively, the command can wait for the given set of resources to be created or deleted by providing the "create" or "delete" keyword as the value to the --for flag.

A successful message will be printed to stdout indicating when the specified condition has been met. You can use -o option to change to output destination.`,
  examples: `# Wait for the item "laptop" to contain the status condition of type "Ready"
k1s wait --for=condition=Ready item/laptop

# The default value of status condition is true; you can wait for other targets after an equal delimiter
k1s wait --for=condition=Ready=false item/laptop

# Wait for the item "laptop" to contain the status phase to be "Available"
k1s wait --for=jsonpath='{.status.phase}'=Available item/laptop

# Wait for the item "laptop" to have any phase
k1s wait --for=jsonpath='{.status.phase}' item/laptop

# Wait for the secret "token" to be created, with a timeout of 30s
k1s wait --for=create secret/token --timeout=30s

# Wait for the item "laptop" to be deleted, with a timeout of 60s
k1s wait --for=delete item/laptop --timeout=60s`,

  flags(set) {
    addPrintFlags(set)
    addFilenameFlags(set, 'Filename or directory of files identifying the resources to wait for.')
    addLabelSelectorFlag(set)
    addFieldSelectorFlag(set)
    addAllNamespacesFlag(set)
    set
      .option('--all', 'Select all resources in the namespace of the specified resource types')
      .option(
        '--for <condition>',
        "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]]. The default condition-value is true. Condition values are compared after Unicode simple case folding, which is a more general form of case-insensitivity. Multiple conditions are supported and AND'ed to each other in a sequential order. If --for=create is passed, it is always waited first.",
        (text, previous: string[] | undefined) => [...(previous ?? []), text],
      )
      .option(
        '--timeout <duration>',
        "The length of time to wait before giving up. Zero means check once and don't wait, negative means wait for a week.",
        parseDurationFlag,
        30_000,
      )
  },

  // Texts are those of WaitOptions of k8s.io/kubectl/pkg/cmd/wait.
  async run(invocation) {
    exitOnSignals()
    const { flags, factory } = invocation
    const wanted = flags.for ?? []
    if (wanted.length === 0) throw new Error('unrecognized condition: []')
    const conditions = wanted.map(parseCondition)
    const printer = await factory.printer({ ...flags, operation: 'condition met' })
    const deadline = Date.now() + (flags.timeout < 0 ? week : flags.timeout)

    if (conditions.some(({ type }) => type === 'create')) await waitUntilCreated(invocation, deadline)
    const forDelete = conditions.some(({ type }) => type === 'delete')
    const result = (await buildQuery(invocation)).do()
    if (forDelete) result.ignoreErrors(isNotFound)
    let visited = 0
    await result.visit(async (info) => {
      visited++
      for (const condition of conditions) {
        await waitFor(info, condition, invocation, deadline)
        printer.print(asObject(info), factory.streams.out)
        factory.streams.out.flush()
      }
    })
    if (visited === 0 && !forDelete) throw new Error('no matching resources found')
  },
}

async function buildQuery({ flags, args, factory }: Invocation<WaitFlags>): Promise<Builder> {
  const { namespace, enforced } = await factory.namespace()
  return factory
    .newBuilder()
    .continueOnError()
    .namespaceParam(namespace)
    .defaultNamespace()
    .allNamespaces(flags.allNamespaces)
    .filenameParam(enforced, flags)
    .labelSelectorParam(flags.selector)
    .fieldSelectorParam(flags.fieldSelector)
    .resourceTypeOrNameArgs(flags.all === true, args)
    .latest()
    .flatten()
}

async function waitFor(
  info: Info,
  condition: Condition,
  { factory, flags }: Invocation<WaitFlags>,
  deadline: number,
): Promise<void> {
  const once = flags.timeout === 0
  if (condition.type === 'create') return
  if (condition.type === 'delete') return waitUntilDeleted(info, factory, { deadline, once })
  return waitForCondition(info, factory, { condition: condition.holds, deadline, once })
}

const pollInterval = 500

/** As kubectl does it: there is no object yet that could be watched. */
async function waitUntilCreated(invocation: Invocation<WaitFlags>, deadline: number): Promise<void> {
  for (;;) {
    const { infos, error } = await (await buildQuery(invocation)).do().infosAndError()
    if (infos.length > 0) return
    if (error !== undefined && !isNotFound(error)) throw error
    const left = deadline - Date.now()
    if (left <= 0) throw new Error('timed out waiting for the condition')
    await new Promise((resolve) => setTimeout(resolve, Math.min(pollInterval, left)))
  }
}
