import { isShared, type KubernetesObject, type ManagedFieldsEntry } from '@k1s/apimachinery'

/**
 * The JSON of an object. The managed fields of a new object, often half of it, are a set that all objects of its shape
 * share: they are not written anew, but put in the place of a token, which nobody outside can know. An object that is
 * `owned` holds the token meanwhile, others are copied.
 */
export function objectText(object: KubernetesObject, owned = false): string {
  const { metadata } = object
  const managedFields = metadata?.managedFields
  if (!Array.isArray(managedFields) || managedFields.length !== 1) return JSON.stringify(object)
  const text = entriesText(managedFields[0]!)
  if (text === undefined) return JSON.stringify(object)
  // Importing node:crypto would cost readers a millisecond.
  token ??= globalThis.crypto.randomUUID()
  const whole = owned
    ? textWithToken(object, managedFields, token)
    : JSON.stringify({ ...object, metadata: { ...metadata, managedFields: token } })
  const start = whole.indexOf(token) - 1
  return whole.slice(0, start) + text + whole.slice(start + token.length + 2)
}

let token: string | undefined

function textWithToken(object: KubernetesObject, managedFields: ManagedFieldsEntry[], token: string): string {
  const metadata = object.metadata as { managedFields: unknown }
  metadata.managedFields = token
  try {
    return JSON.stringify(object)
  } finally {
    metadata.managedFields = managedFields
  }
}

interface Written {
  readonly entry: ManagedFieldsEntry
  readonly text: string
}

let last: Written | undefined

/** The JSON of a list of this one entry; undefined if its fields are not shared. */
function entriesText(entry: ManagedFieldsEntry | null): string | undefined {
  if (typeof entry?.fieldsV1 !== 'object') return undefined
  if (last !== undefined && isSame(entry, last.entry)) return last.text
  if (!isShared(entry.fieldsV1)) return undefined
  last = { entry: { ...entry }, text: JSON.stringify([entry]) }
  return last.text
}

function isSame(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  return (
    a.fieldsV1 === b.fieldsV1 &&
    a.manager === b.manager &&
    a.time === b.time &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource &&
    a.fieldsType === b.fieldsType
  )
}
