/**
 * The entries of `metadata.managedFields`, read and written. Follows `managedfields/internal/managedfields.go`.
 */
import { canonicalJson } from '../json-codec.ts'
import type { ManagedFieldsEntry, Unstructured } from '../meta.ts'
import { quote } from '../quote.ts'
import { equalFieldSets, type FieldSet } from '../structured-merge/field-set.ts'
import { decodeFieldsV1 } from '../structured-merge/fields-v1.ts'
import type { Managers } from '../structured-merge/managers.ts'
import { formatTime } from '../time.ts'

/** Who wrote an entry. */
export interface ManagerIdentity {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
}

/** The managers of an object, with what their entries say beside the fields. */
export interface Managed {
  managers: Managers
  /** The entries that were read or are new, by the manager's identifier; their fields may be outdated. */
  readonly entries: Map<string, ManagedFieldsEntry>
}

export function emptyManaged(): Managed {
  return { managers: new Map(), entries: new Map() }
}

/**
 * What makes two entries those of the same manager: name, operation, subresource, and for updates the version. The
 * text is that of `BuildManagerIdentifier`, by which conflicts are sorted.
 */
export function managerIdentifier({ manager, operation, apiVersion, subresource }: ManagerIdentity): string {
  const name = manager === '' ? '' : `"manager":${canonicalJson(manager)},`
  const version = operation === 'Apply' ? '' : `,"apiVersion":${canonicalJson(apiVersion)}`
  const part = subresource === '' ? '' : `,"subresource":${canonicalJson(subresource)}`
  return `{${name}"operation":"${operation}"${version}${part}}`
}

/** Throws an Error with Kubernetes' words for the first entry that cannot be read. */
export function decodeManagedFields(entries: readonly ManagedFieldsEntry[]): Managed {
  const managed = emptyManaged()
  entries.forEach((entry, index) => {
    checkEntry(entry, index)
    const { apiVersion = '', operation } = entry
    const identifier = managerIdentifier(identityOf(entry))
    const fields = decodeFieldsV1(entry.fieldsV1)
    managed.managers.set(identifier, { fields, apiVersion, applied: operation === 'Apply' })
    managed.entries.set(identifier, withNormalTime(entry))
  })
  return managed
}

function identityOf({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): ManagerIdentity {
  return {
    manager: manager ?? '',
    operation: operation!,
    apiVersion: apiVersion ?? '',
    subresource: subresource ?? '',
  }
}

function checkEntry(entry: ManagedFieldsEntry, index: number): void {
  if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
    throw new Error('operation must be `Apply` or `Update`')
  }
  if (!entry.apiVersion) throw new Error('apiVersion must not be empty')
  const type: string | undefined = entry.fieldsType
  if (!type) throw new Error(`missing fieldsType in managed fields entry ${index}`)
  if (type !== 'FieldsV1')
    throw new Error(`invalid fieldsType ${quote(type)} in managed fields entry ${index}`)
}

function withNormalTime(entry: ManagedFieldsEntry): ManagedFieldsEntry {
  const { time } = entry
  if (!time || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time)) return entry
  const parsed = new Date(time)
  if (Number.isNaN(parsed.getTime())) throw new Error(`parsing time ${quote(time)} as RFC 3339`)
  return { ...entry, time: formatTime(parsed.getTime()) }
}

/** The managers as entries, in the order in which Kubernetes stores them. Undefined if there are none. */
export function encodeManagedFields({ managers, entries }: Managed): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined
  const encoded: ManagedFieldsEntry[] = []
  for (const [identifier, { fields, apiVersion }] of managers) {
    const entry = entries.get(identifier)!
    if (entry.fieldsV1 === fields && entry.apiVersion === apiVersion) encoded.push(entry)
    else encoded.push(newEntry({ ...identityOf(entry), apiVersion }, fields, entry.time))
  }
  return encoded.length > 1 ? encoded.sort(compareEntries) : encoded
}

/** An entry with its fields in Kubernetes' order. Without a time for an apply that changed nothing but its owner. */
export function newEntry(
  { manager, operation, apiVersion, subresource }: ManagerIdentity,
  fieldsV1: FieldSet,
  time: string | undefined,
): ManagedFieldsEntry {
  const entry: ManagedFieldsEntry = {}
  if (manager !== '') entry.manager = manager
  entry.operation = operation
  entry.apiVersion = apiVersion
  if (time) entry.time = time
  entry.fieldsType = 'FieldsV1'
  entry.fieldsV1 = fieldsV1
  if (subresource !== '') entry.subresource = subresource
  return entry
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compare(a.operation, b.operation) ||
    secondsOf(a) - secondsOf(b) ||
    compare(a.manager, b.manager) ||
    compare(a.apiVersion, b.apiVersion) ||
    compare(a.subresource, b.subresource)
  )
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The time of an entry in seconds since 1970, or 0. */
export function secondsOf({ time }: ManagedFieldsEntry): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000)
}

/** The managed fields of an object, empty if it has none. */
export function managedFieldsOf(object: Unstructured): readonly ManagedFieldsEntry[] {
  return object.metadata?.managedFields ?? []
}

/** Sets or takes away the managed fields of an object, in place. */
export function setManagedFields(object: Unstructured, entries: ManagedFieldsEntry[] | undefined): void {
  if (entries !== undefined) object.metadata.managedFields = entries
  else if ('managedFields' in object.metadata) delete object.metadata.managedFields
}

/** Whether two lists say the same. */
export function equalEntries(a: readonly ManagedFieldsEntry[], b: readonly ManagedFieldsEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => equalEntry(entry, b[index]!))
}

function equalEntry(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  if (a === b) return true
  return compareEntries(a, b) === 0 && equalFieldSets(decodeFieldsV1(a.fieldsV1), decodeFieldsV1(b.fieldsV1))
}

/**
 * True for what a client sends to empty the managed fields of an object: no entries, or a single empty one. Follows
 * `isResetManagedFields` of `managedfields/internal/fieldmanager.go`.
 */
export function resetsManagedFields(entries: readonly ManagedFieldsEntry[] | null | undefined): boolean {
  if (entries === null || entries === undefined) return false
  if (entries.length === 0) return true
  return entries.length === 1 && isEmptyEntry(entries[0]!)
}

function isEmptyEntry(entry: ManagedFieldsEntry): boolean {
  for (const name in entry) if (entry[name as keyof ManagedFieldsEntry]) return false
  return true
}
