import { quote } from '@k1s/apimachinery'
import { EventError } from './event-error.ts'
import type { EventReference } from './recorded-event.ts'

/** Throws an EventError unless the type is Normal or Warning and there is a reason. */
export function checkEvent(reference: EventReference, type: string, reason: string, message: string): void {
  const { kind, name } = reference
  const event = `will not report event: ${type} ${reason} of ${kind} ${name}: ${message}`
  if (type !== 'Normal' && type !== 'Warning') {
    throw new EventError(`Unsupported event type ${quote(String(type))}, ${event}`)
  }
  if (typeof reason !== 'string' || reason === '') throw new EventError(`Unsupported event reason, ${event}`)
}
