/**
 * Splits the arguments of `label` and `annotate` into resources and changes: `pods web a=b c-`. Follows
 * GetResourcesAndPairs of `k8s.io/kubectl/pkg/cmd/util`. `pairType` stands in errors.
 */
export function resourcesAndPairs(
  args: readonly string[],
  pairType: string,
): { resources: string[]; pairs: string[] } {
  const resources: string[] = []
  const pairs: string[] = []
  for (const arg of args) {
    if (isPair(arg)) pairs.push(arg)
    else if (pairs.length === 0) resources.push(arg)
    else throw new Error(`all resources must be specified before ${pairType} changes: ${arg}`)
  }
  return { resources, pairs }
}

function isPair(arg: string): boolean {
  return arg.indexOf('=') > 0 || (arg.endsWith('-') && arg !== '-')
}
