/**
 * The resourceVersion up to which all have seen what happened; empty if one has seen nothing, or there are none. Versions are
 * numbers of one server here: `k8s.io/client-go` compares them so too since 1.35.
 */
export function earliestVersion(versions: readonly string[]): string {
  if (versions.length === 0 || versions.includes('')) return ''
  return versions.reduce((least, version) => (BigInt(version) < BigInt(least) ? version : least))
}
