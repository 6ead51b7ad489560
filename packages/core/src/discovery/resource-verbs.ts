import type { Verb } from '../request.ts'
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
  readonly name: 'finalize' | 'status' | 'scale'
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly verbs: readonly Verb[]
}

const readAndWrite = ['get', 'patch', 'update'] as const

/** The subresources of a resource with the kinds that they return. */
export function subresourcesOf({ definition, version }: VersionedResource): SubresourceKind[] {
  const { group, kind } = definition
  const own = { group, version: version.name, kind }
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' }
  const subresources: SubresourceKind[] = []
  if (version.finalizeSubresource === true) {
    subresources.push({ name: 'finalize', ...own, verbs: ['update'] })
  }
  if (version.statusSubresource) subresources.push({ name: 'status', ...own, verbs: readAndWrite })
  if (version.scaleSubresource) subresources.push({ name: 'scale', ...scale, verbs: readAndWrite })
  return subresources
}
