/**
 * The earliest of the resourceVersions that several watches have reached: all of them have seen what happened up to it. Empty if
 * one of them is empty, since that watch has seen nothing, or if there are none. Versions are compared as numbers, as
 * `k8s.io/client-go` does since 1.35.
 */
export function earliestVersion(versions: readonly string[]): string {
  if (versions.length === 0 || versions.includes('')) return ''
  return versions.reduce((least, version) => (BigInt(version) < BigInt(least) ? version : least))
}
