/** What operation ids and tags of a group version have in common: `openapi.go` of `k8s.io/apiserver/pkg/endpoints`. */
export interface OperationNames {
  /** Follows the verb: `ExampleComV1`. */
  readonly prefix: string
  /** `exampleCom_v1`. */
  readonly tag: string
}

export function operationNames(group: string, version: string): OperationNames {
  const name = group === '' ? 'core' : group.replace(/\.k8s\.io$/, '')
  return {
    prefix: camelCase(name, true) + camelCase(version, true),
    tag: `${camelCase(name, false)}_${camelCase(version, false)}`,
  }
}

/** Letters, digits and underscores; what follows anything else is capitalized. */
function camelCase(text: string, capitalizeFirst: boolean): string {
  let result = ''
  let capitalize = capitalizeFirst
  for (const [index, character] of [...text].entries()) {
    if (!/[\p{L}_]/u.test(character) && !(index !== 0 && /\p{Nd}/u.test(character))) {
      capitalize = true
      continue
    }
    result += capitalize ? character.toUpperCase() : character
    capitalize = false
  }
  return result
}

/** ` a `, ` an `, or a space before a plural, to be put before a noun. */
export function articleBefore(noun: string): string {
  if (!noun.endsWith('ss') && noun.endsWith('s')) return ' '
  return /^[aeiou]/i.test(noun) ? ' an ' : ' a '
}
