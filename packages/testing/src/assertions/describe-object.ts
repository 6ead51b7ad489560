import type { KubernetesObject } from '@k1s/apimachinery'

/** `Item default/laptop`. */
export function describeObject({ kind, metadata }: KubernetesObject): string {
  const { namespace, name, generateName } = metadata ?? {}
  const called = name ?? (generateName === undefined ? 'without a name' : `${generateName}*`)
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${called}`
}

/** `; there are none` or `; there are: a, b`. */
export function thereAre(what: readonly string[]): string {
  return what.length === 0 ? 'there are none' : `there are: ${what.join(', ')}`
}
