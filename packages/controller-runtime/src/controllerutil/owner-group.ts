import type { OwnerReference } from '@k1s/apimachinery'

/** The API group of an owner, whatever the version. Undefined if the reference has no valid apiVersion. */
export function ownerGroup({ apiVersion }: OwnerReference): string | undefined {
  const parts = apiVersion.split('/')
  if (parts.length > 2) return undefined
  return parts.length === 2 ? parts[0] : ''
}
