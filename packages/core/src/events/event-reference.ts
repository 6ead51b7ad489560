import type { KubernetesObject } from '@k1s/apimachinery'
import { EventError } from './event-error.ts'
import type { EventReference } from './recorded-event.ts'

/**
 * The reference of an Event to an object: `reference.GetReference`. Throws an EventError, which says `event`, for an object without
 * apiVersion, kind or name.
 */
export function eventReference(object: KubernetesObject | null | undefined, event: string): EventReference {
  const reason = whyUnnamed(object)
  if (reason !== undefined) {
    throw new EventError(`Could not construct reference, will not report event: ${event}: ${reason}`)
  }
  const { apiVersion, kind, metadata } = object as KubernetesObject
  const { name = '', namespace, uid, resourceVersion } = metadata
  return {
    apiVersion,
    kind,
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  }
}

function whyUnnamed(object: KubernetesObject | null | undefined): string | undefined {
  if (typeof object !== 'object' || object === null) return "can't reference a nil object"
  const { apiVersion, kind, metadata } = object
  if (!apiVersion || !kind) return 'the object has no apiVersion or no kind'
  return metadata?.name ? undefined : `the ${kind} has no name`
}
