/** From client-side to server-side apply: `k8s.io/client-go/util/csaupgrade`. */
import type { ManagedFieldsEntry } from '../meta.ts'
import { type FieldPath, hasPath, union } from '../structured-merge/field-set.ts'
import { decodeFieldsV1 } from '../structured-merge/fields-v1.ts'

/** The entries of this operation that own the field; entries that cannot be read own nothing. */
export function findFieldOwners(
  entries: readonly ManagedFieldsEntry[],
  operation: 'Apply' | 'Update',
  path: FieldPath,
): ManagedFieldsEntry[] {
  return entries.filter((entry) => {
    if (entry.operation !== operation) return false
    try {
      return hasPath(decodeFieldsV1(entry.fieldsV1), path)
    } catch {
      return false
    }
  })
}

/**
 * The entries with what the managers of client-side apply own given to the one of server-side apply, so that this one
 * can take fields away by no longer applying them. Returns the entries themselves if nothing is to be changed. Throws
 * an Error for an entry concerned that cannot be read.
 */
export function upgradeManagedFields(
  entries: readonly ManagedFieldsEntry[],
  clientSideManagers: Iterable<string>,
  serverSideManager: string,
): readonly ManagedFieldsEntry[] {
  let upgraded = entries
  for (const manager of clientSideManagers) upgraded = upgradeManager(upgraded, manager, serverSideManager)
  return upgraded
}

function upgradeManager(
  entries: readonly ManagedFieldsEntry[],
  clientSideManager: string,
  serverSideManager: string,
): readonly ManagedFieldsEntry[] {
  const isClientSide = ({ manager, operation, subresource = '' }: ManagedFieldsEntry) =>
    manager === clientSideManager && operation === 'Update' && subresource === ''
  const first = entries.find(isClientSide)
  if (first === undefined) return entries
  const serverSide = entries.find(
    ({ manager, operation, subresource = '' }) =>
      manager === serverSideManager && operation === 'Apply' && subresource === '',
  )
  const target: ManagedFieldsEntry = serverSide ?? {
    ...first,
    manager: serverSideManager,
    operation: 'Apply',
  }
  // Fields of other versions are left out: they may have other names. The next apply owns what it sets.
  const source = entries.find((entry) => isClientSide(entry) && entry.apiVersion === target.apiVersion)
  const combined = source === undefined ? target : { ...target, fieldsV1: combine(target, source) }
  return entries
    .map((entry) => (entry === (serverSide ?? first) ? combined : entry))
    .filter((entry) => !isClientSide(entry))
}

function combine(target: ManagedFieldsEntry, source: ManagedFieldsEntry) {
  return union(decodeFieldsV1(target.fieldsV1), decodeFieldsV1(source.fieldsV1))
}
