import { compareKubeAwareVersions } from '@k1s/apimachinery'

/** `DefaultGenericAPIServicePriorities` of `k8s.io/kubernetes/pkg/controlplane/apiserver`. */
const priorities: { readonly [group: string]: number } = {
  '': 18_000,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  'certificates.k8s.io': 17_300,
  'rbac.authorization.k8s.io': 17_000,
  'apiextensions.k8s.io': 16_700,
  'admissionregistration.k8s.io': 16_700,
  'coordination.k8s.io': 16_500,
}

/** That of groups of CustomResourceDefinitions. */
const defaultPriority = 1000

/** The order in which an API server lists groups: by priority, then by name. */
export function compareGroups(a: string, b: string): number {
  const byPriority = (priorities[b] ?? defaultPriority) - (priorities[a] ?? defaultPriority)
  return byPriority !== 0 ? byPriority : compareText(a, b)
}

/** Preferred versions come first. */
export function compareVersions(a: string, b: string): number {
  return compareKubeAwareVersions(b, a)
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
