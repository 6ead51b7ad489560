import type { OwnerReference } from '@k1s/apimachinery'
import type { CatalogKind } from './kind-catalog.ts'
import type { ObjectName } from './object-name.ts'

/** One object to be imported: what its place in the order depends on, and its text, which takes less than the object. */
export interface PlannedObject extends ObjectName {
  readonly mapping: CatalogKind
  /** Where it was read. */
  readonly source: string
  /** JSON, as it was read. */
  readonly text: string
  readonly owners: PlannedOwner[]
  /** What has to be there before it, of objects that are imported as well: its namespace and its definition. */
  readonly requires: PlannedObject[]
}

/** An owner reference, and what it will refer to. */
export interface PlannedOwner {
  readonly reference: OwnerReference
  /** An object that is imported as well. */
  readonly imported?: PlannedObject
  /** The uid of an object that is in the target. */
  readonly uid?: string
  /** Added after both are created, since the objects own each other in a circle. */
  deferred?: boolean
}

/** All that has to be imported before the object. */
export function needsOf({ requires, owners }: PlannedObject): Set<PlannedObject> {
  const needs = new Set(requires)
  for (const { imported, deferred } of owners) if (imported !== undefined && !deferred) needs.add(imported)
  return needs
}
