import type { KubernetesList, KubernetesObject } from '@k1s/apimachinery'
import type { Change, Changes, ChangesOptions } from '../changes.ts'
import type { Client, Kind } from '../client.ts'

/**
 * What became of objects, from two lists: of an API server that still knows what there was at a resourceVersion. It does
 * not tell when an object was deleted, nor what it was at the end: these come first, as they were to begin with.
 */
export async function listChanges<T extends KubernetesObject>(
  client: Pick<Client, 'list'>,
  kind: Kind<T>,
  { resourceVersion, onWarning, everyEvent: _, ...options }: ChangesOptions,
): Promise<Changes<T>> {
  // The older list first: if it is forgotten, nothing more is asked.
  const then = await client.list(kind, { ...options, resourceVersion, resourceVersionMatch: 'Exact' })
  const now = await client.list(kind, { ...options, ...(onWarning !== undefined && { onWarning }) })
  return { resourceVersion: now.metadata.resourceVersion!, changes: difference(then, now) }
}

function difference<T extends KubernetesObject>(
  then: KubernetesList<T>,
  now: KubernetesList<T>,
): Change<T>[] {
  const gone = new Map(then.items.map((object) => [object.metadata.uid, object]))
  const written: Change<T>[] = []
  for (const object of now.items) {
    const previous = gone.get(object.metadata.uid)
    gone.delete(object.metadata.uid)
    if (previous === undefined) written.push({ type: 'ADDED', object })
    else if (previous.metadata.resourceVersion !== object.metadata.resourceVersion) {
      written.push({ type: 'MODIFIED', object, previous })
    }
  }
  const deleted = Array.from(gone.values(), (object): Change<T> => ({ type: 'DELETED', object }))
  return [...deleted, ...written.sort(byResourceVersion)]
}

/** Whole numbers of any length: `CompareResourceVersion` of `k8s.io/apimachinery/pkg/util/resourceversion`. */
function byResourceVersion(a: Change<KubernetesObject>, b: Change<KubernetesObject>): number {
  const [first, second] = [a.object.metadata.resourceVersion!, b.object.metadata.resourceVersion!]
  if (first.length !== second.length) return first.length - second.length
  return first < second ? -1 : 1
}
