import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { CreateEvent, DeleteEvent, GenericEvent, UpdateEvent } from '../event.ts'

/**
 * Decides which events reach a handler: `predicate.Predicate`. A method returns whether the event does; all events of a type
 * without a method do. It has to be quick, and may not change objects.
 */
export interface Predicate<T extends KubernetesObject = Unstructured> {
  create?(event: CreateEvent<T>): boolean
  update?(event: UpdateEvent<T>): boolean
  delete?(event: DeleteEvent<T>): boolean
  generic?(event: GenericEvent<T>): boolean
}
