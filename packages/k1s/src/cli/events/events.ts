import type { KubernetesList } from '@k1s/apimachinery'
import {
  addAllNamespacesFlag,
  addPrintFlags,
  appendCommaList,
  loadGoSort,
  type PrintFlags,
  type ResourcePrinter,
  TabWriter,
} from '@k1s/cli-runtime'
import type { Command, Invocation } from '../command.ts'
import { parseInteger } from '../flag-set.ts'
import { NoCompatiblePrinterError } from '../no-compatible-printer-error.ts'
import { aboutObject } from './about-object.ts'
import { type Event, eventKind, timeOf } from './event.ts'
import { EventPrinter } from './event-printer.ts'

const formats = ['json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'name', 'yaml']

export interface EventsFlags extends PrintFlags {
  allNamespaces?: boolean
  watch?: boolean
  for?: string
  types?: string[]
  chunkSize: number
}

export const events: Command<EventsFlags> = {
  usage:
    'events [(-o|--output=)json|yaml|name|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [flags]',
  description: `Display events.

Prints a table of the most important information about events. You can request events for a namespace, for all namespace, or filtered to only those pertaining to a specified resource.`,
  examples: `# List recent events in the default namespace
k1s events

# List recent events in all namespaces
k1s events --all-namespaces

# List recent events for the specified item, then wait for more events and list them as they arrive
k1s events --for item/laptop --watch

# List recent events in YAML format
k1s events -oyaml

# List recent only events of type 'Warning' or 'Normal'
k1s events --types=Warning,Normal`,

  flags(set) {
    addPrintFlags(set)
    addAllNamespacesFlag(set)
    set
      .option('-w, --watch', 'After listing the requested events, watch for more events.')
      .option('--for <type/name>', 'Filter events to only those pertaining to the specified resource.')
      .option('--types <types>', 'Output only events of given types.', appendCommaList)
      .option('--no-headers', "When using the default output format, don't print headers.")
      .option(
        '--chunk-size <number>',
        'Return large lists in chunks rather than all at once. Pass 0 to disable.',
        parseInteger,
        500,
      )
  },

  // Texts and order are those of EventsOptions of k8s.io/kubectl/pkg/cmd/events.
  async run(invocation) {
    const { flags, factory } = invocation
    const fieldSelector = flags.for ? await aboutObject(flags.for, factory) : undefined
    const printer = await newPrinter(invocation)
    const isWanted = typeFilter(flags.types)
    const { namespace } = await factory.namespace()
    const wanted = {
      isWanted,
      printer,
      selection: {
        ...(!flags.allNamespaces && { namespace }),
        ...(fieldSelector !== undefined && { fieldSelector }),
        onWarning: factory.warn,
      },
    }
    if (flags.watch) {
      const { watchEvents } = await import('./watch-events.ts')
      return watchEvents(factory, wanted)
    }
    const items = (await listEvents(invocation, wanted)).filter(isWanted)
    if (items.length === 0) {
      factory.streams.err.write(
        flags.allNamespaces ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`,
      )
      return
    }
    const goSort = await loadGoSort()
    goSort(items, (a, b) => sortTime(a) < sortTime(b))
    const list: KubernetesList<Event> = { kind: 'EventList', apiVersion: 'v1', metadata: {}, items }
    const out = new TabWriter(factory.streams.out)
    printer.print(list, out)
    out.flush()
  },
}

/** Which events are wanted, and how they are shown. */
export interface WantedEvents {
  readonly selection: {
    readonly namespace?: string
    readonly fieldSelector?: string
    readonly onWarning: (text: string) => void
  }
  readonly isWanted: (event: Event) => boolean
  readonly printer: ResourcePrinter
}

async function newPrinter({ flags, factory }: Invocation<EventsFlags>): Promise<ResourcePrinter> {
  const { output = '', allNamespaces = false } = flags
  if (output === '' && !flags.template) {
    return new EventPrinter({ noHeaders: flags.headers === false, allNamespaces })
  }
  const format = output.split('=', 1)[0]!
  if (format === 'wide' || format.startsWith('custom-columns')) {
    throw new NoCompatiblePrinterError(output, formats)
  }
  const { TypedPrinter } = await import('./typed-printer.ts')
  return new TypedPrinter(output, flags.showManagedFields, await factory.printer(flags))
}

function typeFilter(types: readonly string[] = []): (event: Event) => boolean {
  const wanted = new Set(types.map((type) => type.toLowerCase()))
  // `--types=` asks for no type in particular.
  if (wanted.size === 1) wanted.delete('')
  for (const type of wanted) {
    if (type !== 'normal' && type !== 'warning') throw new Error('valid --types are Normal or Warning')
  }
  return (event) => wanted.size === 0 || wanted.has((event.type ?? '').toLowerCase())
}

async function listEvents(
  { flags, factory }: Invocation<EventsFlags>,
  { selection }: WantedEvents,
): Promise<Event[]> {
  const client = await factory.client()
  const items: Event[] = []
  let token: string | undefined
  do {
    const page: KubernetesList<Event> = await client.list(eventKind, {
      ...selection,
      ...(flags.chunkSize > 0 && { limit: flags.chunkSize }),
      ...(token && { continue: token }),
    })
    for (const event of page.items) items.push(event)
    token = page.metadata.continue
  } while (token)
  return items
}

function sortTime({ series, lastTimestamp, eventTime }: Event): number {
  return timeOf(series === undefined ? lastTimestamp || eventTime : series.lastObservedTime)
}
