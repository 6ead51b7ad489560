import { isNotFound, type KubernetesObject, StatusError, type Unstructured } from '@k1s/apimachinery'
import { type Printable, TabWriter } from '@k1s/cli-runtime'
import type { Table } from '@k1s/core'
import type { Invocation } from '../command.ts'
import { exitOnSignals } from '../exit-on-signals.ts'
import { type GetFlags, getBuilder, isTableOutput } from './get.ts'

/** `get --watch` and `--watch-only`: prints until interrupted, or until the server ends the watch. */
export async function watchObjects(invocation: Invocation<GetFlags>): Promise<void> {
  exitOnSignals()
  const { flags, factory } = invocation
  const { out } = factory.streams
  const asTable = isTableOutput(flags.output)
  const builder = await getBuilder(invocation)
  const result = builder
    .asTable(asTable, { includeObject: Boolean(flags.sortBy) })
    .singleResourceType()
    .do()
  const { infos, error } = await result.infosAndError()
  if (error !== undefined) {
    if (flags.ignoreNotFound && isNotFound(error)) return
    throw error
  }
  if (infos[0] === undefined) throw new Error('there is nothing to watch: no resource type was found')
  const { mapping } = infos[0]
  const printer = await factory.printer({
    ...flags,
    noHeaders: flags.headers === false,
    wide: flags.output === 'wide',
    withNamespace: flags.allNamespaces === true && mapping.namespaced,
    ...(flags.labelColumns !== undefined && { columnLabels: flags.labelColumns }),
    ...(flags.showKind && { withKind: { group: mapping.group, kind: mapping.kind } }),
  })
  // Remembers the widths of columns, so that later rows line up with earlier ones.
  const table = asTable ? new TabWriter(out) : undefined
  const print = (object: Printable, type: 'ADDED' | 'MODIFIED' | 'DELETED') => {
    const eventType = flags.outputWatchEvents ? type : undefined
    if (table === undefined) {
      printer.print(object, out, eventType)
    } else {
      printer.print(object, table, eventType)
      table.flush()
    }
    out.flush()
  }

  const current = await result.object()
  if (!flags.watchOnly) {
    for (const object of itemsOf(current)) print(object, 'ADDED')
  }

  // A list is a point from which the watch can go on. The version of a single object may long be compacted, so its
  // watch starts with the object itself, which is known already.
  const list = !result.targetsSingleItems
  const known = list ? undefined : versionOf(current)
  const events = await result.watch({
    resourceVersion: list ? current.metadata!.resourceVersion! : '0',
    asTable,
  })
  for await (const event of events) {
    if (event.type === 'ERROR') throw new StatusError(event.object)
    if (event.type === 'BOOKMARK') continue
    if (known !== undefined && versionOf(event.object) === known) continue
    print(event.object, event.type)
  }
}

/** Tables are printed as a whole, objects of a list one by one. */
function itemsOf(object: Printable): Printable[] {
  return 'items' in object && Array.isArray(object.items) ? (object.items as KubernetesObject[]) : [object]
}

function versionOf(object: Printable | Unstructured): string | undefined {
  const subject = object.kind === 'Table' ? (object as Table).rows[0]?.object : (object as KubernetesObject)
  return subject?.metadata.resourceVersion
}
