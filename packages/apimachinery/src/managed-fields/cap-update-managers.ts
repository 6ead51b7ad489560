import { union } from '../structured-merge/field-set.ts'
import { type Managed, managerIdentifier, newEntry, secondsOf } from './managed-entries.ts'

/** More managers than this are not kept apart: `DefaultMaxUpdateManagers`. */
const maxUpdateManagers = 10

/**
 * Puts the oldest updates together, version by version, as the updates of `ancient-changes`, until there are no more than
 * ten. Follows `managedfields/internal/capmanagers.go`.
 */
export function capUpdateManagers(managed: Managed): void {
  const { managers, entries } = managed
  if (managers.size <= maxUpdateManagers) return
  const updaters = [...managers.keys()].filter((manager) => !managers.get(manager)!.applied)
  if (updaters.length <= maxUpdateManagers) return
  const secondsOfManager = (manager: string) => secondsOf(entries.get(manager)!)
  updaters.sort((a, b) => secondsOfManager(a) - secondsOfManager(b) || (a < b ? -1 : 1))
  let count = updaters.length
  const firstOfVersion = new Map<string, string>()
  for (const manager of updaters) {
    if (count <= maxUpdateManagers) return
    const { apiVersion } = managers.get(manager)!
    const first = firstOfVersion.get(apiVersion)
    if (first === undefined) {
      firstOfVersion.set(apiVersion, manager)
      continue
    }
    mergeIntoBucket(managed, first, manager, apiVersion)
    count--
  }
}

function mergeIntoBucket(
  { managers, entries }: Managed,
  first: string,
  manager: string,
  apiVersion: string,
): void {
  const identity = { manager: 'ancient-changes', operation: 'Update', apiVersion, subresource: '' } as const
  const bucket = managerIdentifier(identity)
  if (!managers.has(bucket)) {
    managers.set(bucket, managers.get(first)!)
    managers.delete(first)
  }
  const set = managers.get(manager)!
  const fields = union(set.fields, managers.get(bucket)!.fields)
  managers.set(bucket, { ...set, fields })
  managers.delete(manager)
  entries.set(bucket, newEntry(identity, fields, entries.get(manager)!.time))
}
