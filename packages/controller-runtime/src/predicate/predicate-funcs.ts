import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Predicate } from './predicate.ts'

/** Lets events through of the objects for which `filter` is true; of updates the new object counts. */
export function predicateFuncs<T extends KubernetesObject = Unstructured>(
  filter: (object: T) => boolean,
): Predicate<T> {
  return {
    create: ({ object }) => filter(object),
    update: ({ objectNew }) => filter(objectNew),
    delete: ({ object }) => filter(object),
    generic: ({ object }) => filter(object),
  }
}
