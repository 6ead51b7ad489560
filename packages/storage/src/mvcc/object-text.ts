import { type KubernetesObject, type ManagedFieldsEntry, sharedJsonText } from '@k1s/apimachinery'

/**
 * The JSON of an object. Sets of managed fields that objects of a kind share, which are often half of it, are not
 * written anew.
 */
export function objectText(object: KubernetesObject): string {
  const { managedFields } = object.metadata ?? {}
  if (!Array.isArray(managedFields) || !managedFields.some(isShared)) return JSON.stringify(object)
  let text = ''
  const fields = object as unknown as { readonly [field: string]: unknown }
  for (const name in fields) {
    const value = name === 'metadata' ? metadataText(object, managedFields) : JSON.stringify(fields[name])
    if (value !== undefined) text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${value}`
  }
  return `${text}}`
}

function isShared(entry: ManagedFieldsEntry): boolean {
  return typeof entry?.fieldsV1 === 'object' && sharedJsonText(entry.fieldsV1) !== undefined
}

function metadataText({ metadata }: KubernetesObject, entries: readonly ManagedFieldsEntry[]): string {
  return withLast(metadata!, 'managedFields', `[${entries.map(entryText).join(',')}]`)
}

function entryText(entry: ManagedFieldsEntry): string {
  if (!isShared(entry)) return JSON.stringify(entry)
  return withLast(entry, 'fieldsV1', sharedJsonText(entry.fieldsV1 as object)!)
}

/** The JSON of an object whose field `last` is `text`, and written last. */
function withLast(object: object, last: string, text: string): string {
  // Faster than taking the rest by a pattern.
  const others: { [field: string]: unknown } = {}
  for (const name in object) if (name !== last) others[name] = (object as typeof others)[name]
  const othersText = JSON.stringify(others)
  return `${othersText === '{}' ? '{' : `${othersText.slice(0, -1)},`}"${last}":${text}}`
}
