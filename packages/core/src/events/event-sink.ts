import { mergePatch } from '../client/patches.ts'
import type { Client } from '../client.ts'
import type { EventPatch } from './event-counter.ts'
import type { RecordedEvent } from './recorded-event.ts'

/** Where Events are kept: `record.EventSink`. It answers with the Event as it is kept. */
export interface EventSink {
  create(event: RecordedEvent): Promise<RecordedEvent>
  /** The Event has happened again. NotFound if it is no longer kept: then it is created. */
  patch(event: RecordedEvent, patch: EventPatch): Promise<RecordedEvent>
}

/** The longest name of a field manager. */
const maxManagerLength = 128

/** Events are stored through a client, and its fields are those of the component that records. */
export function clientSink(client: Client): EventSink {
  return {
    create: (event) => client.create(event, managedBy(event.source.component)),
    patch: (event, patch) => client.patch(event, mergePatch(patch), managedBy(event.source.component)),
  }
}

/** The options of writes that make a component the manager of what is written. */
export function managedBy(component: string): { fieldManager?: string } {
  return component === '' ? {} : { fieldManager: component.slice(0, maxManagerLength) }
}
