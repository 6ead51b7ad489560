import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Info } from '@k1s/cli-runtime'

/** The object of an info that a flattened builder made: one object, never a list or a table. */
export function asObject({ object }: Info): Unstructured {
  if (object === undefined) throw new TypeError('the builder was told not to read objects')
  return object as Unstructured
}

/** Enough of an object for a client to find it. */
export function referenceTo({ mapping, namespace, name }: Info): KubernetesObject {
  const apiVersion = mapping.group === '' ? mapping.version : `${mapping.group}/${mapping.version}`
  return { apiVersion, kind: mapping.kind, metadata: { name, ...(mapping.namespaced && { namespace }) } }
}

/** A client cannot choose the version of what it creates; files that came from `get -o yaml` have one. */
export function withoutResourceVersion<T extends KubernetesObject>(object: T): T {
  const { resourceVersion: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
