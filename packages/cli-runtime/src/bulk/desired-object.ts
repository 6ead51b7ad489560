import { equalJson, isJsonObject, type OwnerReference, type Unstructured } from '@k1s/apimachinery'
import type { PlannedObject, PlannedOwner } from './planned-object.ts'
import { portableObject } from './portable-object.ts'

/** What an object is to be in the target. */
export interface DesiredObject {
  /** What is created or replaced, with the references to all owners that need not wait. */
  readonly body: Unstructured
  /** What is written to the status subresource afterwards. */
  readonly status: unknown
  /** All owner references, those that wait included. */
  readonly references: readonly OwnerReference[]
}

/** `uidOf` gives the uid that an owner has in the target; empty where nothing is written. */
export function desiredObject(
  planned: PlannedObject,
  uidOf: (owner: PlannedOwner) => string,
  withStatus: boolean,
): DesiredObject {
  const { mapping, namespace, name, owners } = planned
  const { status, ...body } = portableObject(JSON.parse(planned.text) as Unstructured)
  const { ownerReferences: _, namespace: from, ...metadata } = body.metadata
  const bound = (owner: PlannedOwner) => ({ ...owner.reference, uid: uidOf(owner) })
  const immediate = owners.filter(({ deferred }) => !deferred).map(bound)
  body.metadata = {
    ...metadata,
    name,
    ...(mapping.namespaced && { namespace }),
    ...(immediate.length > 0 && { ownerReferences: immediate }),
  }
  if (from !== undefined && from !== namespace) moveInvolvedObject(body as Unstructured, namespace)
  const isPart = withStatus && !mapping.statusSubresource && status !== undefined
  return {
    body: (isPart ? { ...body, status } : body) as Unstructured,
    status: withStatus && mapping.statusSubresource ? status : undefined,
    references: owners.some(({ deferred }) => deferred) ? owners.map(bound) : immediate,
  }
}

/** An Event is in the namespace of what it is about. */
function moveInvolvedObject(object: Unstructured, namespace: string): void {
  if (object.kind !== 'Event') return
  for (const field of ['involvedObject', 'regarding'] as const) {
    const about = object[field]
    if (isJsonObject(about) && about.namespace !== undefined) object[field] = { ...about, namespace }
  }
}

/**
 * Whether what is stored is what an import would make of it, aside from the status. References that have to wait may
 * be there or not.
 */
export function isSameObject({ body, references }: DesiredObject, stored: Unstructured): boolean {
  if (!hasSameOwners({ body, references }, stored)) return false
  return equalJson(comparable(body, body), comparable(stored, body))
}

export function hasSameOwners(
  { body, references }: Pick<DesiredObject, 'body' | 'references'>,
  stored: Unstructured,
): boolean {
  const owners = ownerNames(stored.metadata.ownerReferences)
  return [body.metadata.ownerReferences, references].some((wanted) => equalJson(ownerNames(wanted), owners))
}

function ownerNames(references: readonly OwnerReference[] = []): string[] {
  return references.map(({ apiVersion, kind, name, controller, blockOwnerDeletion }) =>
    [apiVersion, kind, name, controller === true, blockOwnerDeletion === true].join(' '),
  )
}

/** Without owners, without status unless the import writes it as a part of the object, and without empty maps. */
function comparable(object: Unstructured, body: Unstructured): object {
  const { metadata, ...rest } = portableObject(object)
  if (!('status' in body)) delete rest.status
  const { ownerReferences: _, ...fields } = metadata
  const set = Object.entries(fields).filter(
    ([, value]) => typeof value !== 'object' || Object.keys(value ?? {}).length > 0,
  )
  return { ...rest, metadata: Object.fromEntries(set) }
}
