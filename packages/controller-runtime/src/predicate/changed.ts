import type { KubernetesObject } from '@k1s/apimachinery'
import type { Predicate } from './predicate.ts'

/** Of updates, only those with a new resourceVersion: those that are no resync. */
export const resourceVersionChanged = onUpdate(
  (before, after) => before.metadata.resourceVersion !== after.metadata.resourceVersion,
)

/**
 * Of updates, only those with a new `metadata.generation`: where something besides metadata and status changed. A controller
 * that uses it does not notice when somebody else overwrites the status that it wrote.
 */
export const generationChanged = onUpdate(
  (before, after) => (before.metadata.generation ?? 0) !== (after.metadata.generation ?? 0),
)

/** Of updates, only those with other annotations. Often beside {@link generationChanged}, in an `or`. */
export const annotationChanged = onUpdate(
  (before, after) => !areSame(before.metadata.annotations, after.metadata.annotations),
)

/** Of updates, only those with other labels. Often beside {@link generationChanged}, in an `or`. */
export const labelChanged = onUpdate(
  (before, after) => !areSame(before.metadata.labels, after.metadata.labels),
)

type Strings = { readonly [key: string]: string }

function onUpdate(
  isChange: (before: KubernetesObject, after: KubernetesObject) => boolean,
): Predicate<KubernetesObject> {
  return { update: ({ objectOld, objectNew }) => isChange(objectOld, objectNew) }
}

/** None and an empty map are the same. */
function areSame(a: Strings = {}, b: Strings = {}): boolean {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  )
}
