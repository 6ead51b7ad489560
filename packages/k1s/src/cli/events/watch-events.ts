import { StatusError } from '@k1s/apimachinery'
import { type Factory, TabWriter } from '@k1s/cli-runtime'
import { exitOnSignals } from '../exit-on-signals.ts'
import { eventKind } from './event.ts'
import type { WantedEvents } from './events.ts'

/** `events --watch`: those that there are, then what comes, until interrupted. That Events expire is not told. */
export async function watchEvents(
  factory: Factory,
  { selection, isWanted, printer }: WantedEvents,
): Promise<void> {
  exitOnSignals()
  const { out } = factory.streams
  const client = await factory.client()
  // Remembers the widths of columns, so that later rows line up with earlier ones.
  const table = new TabWriter(out)
  for await (const event of client.watch(eventKind, selection)) {
    if (event.type === 'ERROR') throw new StatusError(event.object)
    if (event.type === 'BOOKMARK' || event.type === 'DELETED' || !isWanted(event.object)) continue
    printer.print(event.object, table)
    table.flush()
    out.flush()
  }
}
