import { servedVerbs } from '../registry/served-verbs.ts'
import type { Verb } from '../request.ts'
import type { VersionedResource } from './group-versions.ts'

/** Verbs that a resource answers: while its definition is being deleted, none that would leave something behind. */
export function resourceVerbs({ definition }: VersionedResource): readonly string[] {
  const verbs = servedVerbs(definition)
  return definition.terminating === true ? verbs.filter((verb) => !addsObjects.has(verb)) : verbs
}

const addsObjects: ReadonlySet<string> = new Set(['create', 'patch', 'update'])

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
