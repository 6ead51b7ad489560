import { isJsonObject, type KubernetesObject } from '@k1s/apimachinery'

/** Throws a TypeError unless the value is an object of the API. A promise for one is none. */
export function requireObject(value: unknown): asserts value is KubernetesObject {
  if (isJsonObject(value) && isJsonObject(value.metadata)) return
  throw new TypeError(`an object with metadata is needed, not ${describeValue(value)}`)
}

/** `undefined`, `a string`, `a Promise, which has to be awaited`, `an object of kind Item`. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if (value instanceof Promise) return 'a Promise, which has to be awaited'
  const { kind } = value as { readonly kind?: unknown }
  return typeof kind === 'string'
    ? `an object of kind ${kind}`
    : `an object of class ${value.constructor?.name}`
}

/** `Item default/laptop`. */
export function describeObject({ kind, metadata }: KubernetesObject): string {
  const { namespace, name, generateName } = metadata ?? {}
  const called = name ?? (generateName === undefined ? 'without a name' : `${generateName}*`)
  return `${kind} ${describeKey({ namespace, name: called })}`
}

/** `default/laptop`, or `laptop` where no namespace is named. */
export function describeKey({ namespace, name }: { namespace?: string | undefined; name: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** `; there are none` or `; there are: a, b`. */
export function thereAre(what: readonly string[]): string {
  return what.length === 0 ? 'there are none' : `there are: ${what.join(', ')}`
}
