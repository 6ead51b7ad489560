import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { CreateEvent, DeleteEvent, GenericEvent, UpdateEvent } from '../event.ts'

/**
 * Lets events through to a handler or not: `predicate.Predicate`. What is left out lets all events through. It has to be
 * quick, and may not change objects.
 */
export interface Predicate<T extends KubernetesObject = Unstructured> {
  create?(event: CreateEvent<T>): boolean
  update?(event: UpdateEvent<T>): boolean
  delete?(event: DeleteEvent<T>): boolean
  generic?(event: GenericEvent<T>): boolean
}
