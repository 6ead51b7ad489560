const marker = Buffer.from('"ownerReferences":[{')
const none: readonly string[] = []

/** The uids of metadata.ownerReferences in encoded JSON, which is parsed only if the field may be there. */
export function ownersOf(json: Buffer): readonly string[] {
  if (!json.includes(marker)) return none
  const { metadata } = JSON.parse(json.toString()) as { metadata?: { ownerReferences?: unknown } }
  const references = metadata?.ownerReferences
  if (!Array.isArray(references)) return none
  const uids = references.map((reference: { uid?: unknown } | null) => reference?.uid)
  return [...new Set(uids)].filter((uid): uid is string => typeof uid === 'string' && uid !== '')
}
