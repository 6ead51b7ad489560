import type { VersionedResource } from './group-versions.ts'

const sorted = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const
const ofCustomResources = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
] as const

/** Verbs that a resource answers, in the order in which an API server lists them. */
export function resourceVerbs({ definition }: VersionedResource): readonly string[] {
  const { origin, unsupportedVerbs = [], terminating = false } = definition
  const verbs: readonly (typeof sorted)[number][] = origin === 'builtin' ? sorted : ofCustomResources
  const whileTerminating = ['create', 'patch', 'update']
  return verbs.filter((verb) => {
    if (unsupportedVerbs.includes(verb)) return false
    return !terminating || !whileTerminating.includes(verb)
  })
}

export interface SubresourceKind {
  readonly name: 'status' | 'scale'
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** What all subresources answer. */
export const subresourceVerbs = ['get', 'patch', 'update'] as const

/** The subresources of a resource with the kinds that they return. */
export function subresourcesOf({ definition, version }: VersionedResource): SubresourceKind[] {
  const { group, kind } = definition
  return [
    ...(version.statusSubresource ? [{ name: 'status' as const, group, version: version.name, kind }] : []),
    ...(version.scaleSubresource === undefined
      ? []
      : [{ name: 'scale' as const, group: 'autoscaling', version: 'v1', kind: 'Scale' }]),
  ]
}
