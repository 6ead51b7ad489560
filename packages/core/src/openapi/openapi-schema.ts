import type { GoEither, GoStruct } from '../schema/go-type.ts'

/** A schema object of OpenAPI v3 or v2. */
export type OpenAPISchema = { readonly [keyword: string]: unknown }

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

export const groupVersionKindExtension = 'x-kubernetes-group-version-kind'

/** The name of the definition of a built-in type: `io.k8s.api.core.v1.ConfigMap`. */
export function structName(struct: Pick<GoStruct | GoEither, 'package' | 'name'>): string {
  return `${struct.package}.${struct.name}`
}

/** The name of the definition of a custom kind, its group reversed: `dev.k1s.inventory.v1.Item`. */
export function customName({ group, version, kind }: GroupVersionKind): string {
  return [...group.split('.').reverse(), version, kind].join('.')
}

/** A reference with siblings, which OpenAPI v3 writes in an `allOf`, since `$ref` allows none. */
export function reference(name: string, siblings: OpenAPISchema = {}): OpenAPISchema {
  const ref = { $ref: `#/components/schemas/${name}` }
  return Object.keys(siblings).length === 0 ? ref : { ...siblings, allOf: [ref] }
}

/** Properties in the order of their names. */
export function sortedByName<T>(entries: Iterable<readonly [string, T]>): { [name: string]: T } {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
}
