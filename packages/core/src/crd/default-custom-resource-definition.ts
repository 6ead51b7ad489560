import type { CustomResourceDefinition } from './custom-resource-definition.ts'

/**
 * Fills in what a definition may leave out, in place: names.singular and names.listKind, conversion strategy None,
 * and the storage version as stored version.
 *
 * Follows `SetDefaults_CustomResourceDefinition` of `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1`.
 */
export function defaultCustomResourceDefinition(crd: CustomResourceDefinition): void {
  const { spec } = crd
  if (spec === undefined) return
  const { names } = spec
  const kind = names?.kind ?? ''
  if (names !== undefined && kind !== '' && !names.singular) names.singular = kind.toLowerCase()
  if (names !== undefined && kind !== '' && !names.listKind) names.listKind = `${kind}List`
  spec.conversion ??= { strategy: 'None' }
  setStoredVersion(crd)
}

/**
 * Adds the storage version to `status.storedVersions`, in place, as the strategy of definitions does on each
 * write. A version leaves the list only by an update of the status.
 */
export function setStoredVersion(crd: CustomResourceDefinition): void {
  const storage = crd.spec?.versions?.find((version) => version.storage)?.name
  if (storage === undefined) return
  const stored = crd.status?.storedVersions ?? []
  if (!stored.includes(storage)) crd.status = { ...crd.status, storedVersions: [...stored, storage] }
}
