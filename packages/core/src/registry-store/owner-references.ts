import { equalJson, type OwnerReference, type Unstructured } from '@k1s/apimachinery'

const found = (when: string, uids: string) =>
  `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`

/** Drops repeated owner references, in place, with a warning: `dedupOwnerReferencesAndAddWarning` of `k8s.io/apiserver/pkg/endpoints/handlers/rest.go`. */
export function dedupOwnerReferences(
  { metadata }: Unstructured,
  warnings: string[],
  isMutated: boolean,
): void {
  const references = metadata.ownerReferences
  if (references === undefined || references.length < 2) return
  const kept: OwnerReference[] = []
  const repeated: string[] = []
  for (const reference of references) {
    if (kept.some((other) => equalJson(other, reference))) repeated.push(reference.uid)
    else kept.push(reference)
  }
  if (repeated.length === 0) return
  metadata.ownerReferences = kept
  warnings.push(found(isMutated ? ' after mutating admission happens' : '', repeated.join(', ')))
}
