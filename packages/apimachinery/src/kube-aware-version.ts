/** The order of API versions, as `k8s.io/apimachinery/pkg/version.CompareKubeAwareVersionStrings`. */

const pattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/
const stabilities = ['alpha', 'beta', undefined]

/**
 * Positive if the first version ranks above the second: `v2`, `v1`, `v2beta1`, `v1beta2`, `v1alpha1`, and then what
 * looks like no version of Kubernetes, by the alphabet. Sort with `(a, b) => compareKubeAwareVersions(b, a)` for
 * the highest first.
 */
export function compareKubeAwareVersions(a: string, b: string): number {
  if (a === b) return 0
  const left = pattern.exec(a)
  const right = pattern.exec(b)
  if (left === null && right === null) return a < b ? 1 : -1
  if (left === null) return -1
  if (right === null) return 1
  return (
    stabilities.indexOf(left[2]) - stabilities.indexOf(right[2]) ||
    Number(left[1]) - Number(right[1]) ||
    Number(left[3] ?? 0) - Number(right[3] ?? 0)
  )
}
