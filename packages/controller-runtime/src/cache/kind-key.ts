import type { ResourceKind } from '@k1s/core'

/** The key under which a cache keeps a kind: its versions are kinds of their own. */
export function kindKey({ group, version, plural }: ResourceKind): string {
  return `${group}/${version}/${plural}`
}
