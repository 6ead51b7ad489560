import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { EventHandler } from './event-handler.ts'
import { withLowPriorityWhenUnchanged } from './with-low-priority.ts'

/**
 * A handler of one function for each type of event that it knows: `handler.Funcs`. As there, requests of objects that did not
 * change have a low priority.
 */
export function handlerFuncs<T extends KubernetesObject = Unstructured>(
  funcs: EventHandler<T>,
): EventHandler<T> {
  return withLowPriorityWhenUnchanged(funcs)
}
