import type { KubernetesObject } from '@k1s/apimachinery'
import { isList, isTable } from './lists.ts'
import type { Printable } from './printer.ts'

/** The object, or each of a list, without metadata.managedFields. Copies only what it changes. */
export function omitManagedFields(object: Printable): Printable {
  if (isTable(object)) return object
  if (isList(object)) {
    return object.items.some(hasManagedFields)
      ? { ...object, items: object.items.map(omitFromObject) }
      : object
  }
  return hasManagedFields(object as KubernetesObject) ? omitFromObject(object as KubernetesObject) : object
}

function hasManagedFields(object: KubernetesObject): boolean {
  return object.metadata?.managedFields !== undefined
}

function omitFromObject<T extends KubernetesObject>(object: T): T {
  if (!hasManagedFields(object)) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
