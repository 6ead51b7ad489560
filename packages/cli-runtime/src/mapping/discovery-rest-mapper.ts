import {
  type GroupKind,
  type GroupResource,
  type GroupVersionKind,
  parseResourceArg,
} from '@k1s/apimachinery'
import type { DiscoveredResource } from '@k1s/core'
import { NoKindMatchError, UnknownResourceTypeError } from './match-error.ts'
import type { RestMapper, RestMapping } from './rest-mapper.ts'
import { didYouMean, suggestions } from './suggestions.ts'

/**
 * A mapper over one discovery answer. `onWarning` hears of short names that more than one resource claims.
 *
 * The order of matches follows `restmapper.NewDiscoveryRESTMapper` behind the shortcut expander of client-go and
 * `resource.Builder.mappingFor`: plural or singular names, then short names, then kinds; within each the core group
 * first, then the order of discovery. A group may be shortened to a prefix.
 */
export function createRestMapper(
  discovered: readonly DiscoveredResource[],
  onWarning: (text: string) => void = () => {},
): RestMapper {
  return new DiscoveryRestMapper(discovered, onWarning)
}

class DiscoveryRestMapper implements RestMapper {
  readonly resources: readonly DiscoveredResource[]
  readonly #onWarning: (text: string) => void

  constructor(discovered: readonly DiscoveredResource[], onWarning: (text: string) => void) {
    this.resources = [
      ...discovered.filter(({ group }) => group === ''),
      ...discovered.filter(({ group }) => group !== ''),
    ]
    this.#onWarning = onWarning
  }

  mappingFor(resourceOrKind: string): RestMapping {
    const { gvr, gr } = parseResourceArg(resourceOrKind)
    const found =
      (gvr && this.#find(gvr.resource, gvr.group, gvr.version)) ??
      this.#find(gr.resource, gr.group, undefined)
    if (found !== undefined) return found
    const hint = (gvr && this.#hintForVersion(gvr.resource, gvr.group)) ?? this.#hintForResource(gr)
    throw new UnknownResourceTypeError(gr.resource, hint)
  }

  mappingForKind(kind: GroupKind | GroupVersionKind): RestMapping {
    const version = 'version' in kind && kind.version !== '' ? kind.version : undefined
    const resource = this.resources.find(
      (candidate) =>
        candidate.group === kind.group &&
        candidate.kind === kind.kind &&
        (version === undefined || candidate.versions.includes(version)),
    )
    if (resource !== undefined) return mappingOf(resource, version)
    throw new NoKindMatchError(
      { group: kind.group, kind: kind.kind },
      version,
      this.#hintForKind(kind, version),
    )
  }

  expandCategory(name: string): string[] | undefined {
    const members = this.resources.filter(({ categories }) => categories.includes(name))
    // `all` is a category everywhere, even where nothing belongs to it yet.
    if (members.length === 0 && name !== 'all') return undefined
    return members.map(({ name, group }) => (group === '' ? name : `${name}.${group}`))
  }

  #find(typed: string, group: string, version: string | undefined): RestMapping | undefined {
    const name = typed.toLowerCase()
    const inVersion = this.resources.filter(
      (resource) => version === undefined || resource.versions.includes(version),
    )
    const candidates = inVersion.filter((resource) => group === '' || resource.group === group)
    const byPrefix = group === '' ? [] : inVersion.filter((resource) => resource.group.startsWith(group))
    const resource = this.#match(name, candidates) ?? this.#match(name, byPrefix)
    return resource && mappingOf(resource, version)
  }

  #match(name: string, candidates: readonly DiscoveredResource[]): DiscoveredResource | undefined {
    const named = candidates.find((resource) => resource.name === name || resource.singularName === name)
    if (named !== undefined) return named
    const [shortNamed, ...others] = candidates.filter(({ shortNames }) => shortNames.includes(name))
    for (const other of others) {
      this.#onWarning(
        `short name ${JSON.stringify(name)} could also match lower priority resource ${qualifiedName(other)}`,
      )
    }
    return shortNamed ?? candidates.find(({ kind }) => kind.toLowerCase() === name)
  }

  #hintForVersion(typed: string, group: string): string | undefined {
    const resource = this.#find(typed, group, undefined)?.resource
    return resource && `${qualifiedName(resource)} is served in ${resource.versions.join(', ')}`
  }

  /** What was typed is no suggestion by itself, but may be one with the right group. */
  #hintForResource({ resource: typed, group }: GroupResource): string | undefined {
    if (group === '') return didYouMean(this.#suggestResources(typed))
    const known = this.resources.filter(({ name, singularName }) => name === typed || singularName === typed)
    const names = known.length > 0 ? known.map(qualifiedName) : this.#suggestResources(typed)
    return didYouMean(names.filter((name) => name !== typed).slice(0, 3))
  }

  #suggestResources(typed: string): string[] {
    const names = this.resources.flatMap((resource) => [
      resource.name,
      resource.singularName,
      ...resource.shortNames.filter((shortName) => shortName.length > 3),
    ])
    const plural = (name: string) =>
      this.resources.find((r) => r.name === name || r.singularName === name || r.shortNames.includes(name))!
        .name
    return [...new Set(suggestions(typed, names, 6).map(plural))].slice(0, 3)
  }

  #hintForKind(kind: GroupKind, version: string | undefined): string | undefined {
    const served = this.resources.find((r) => r.group === kind.group && r.kind === kind.kind)
    if (served !== undefined && version !== undefined) {
      return `${kind.kind} is served in ${served.versions.map((v) => apiVersion(kind.group, v)).join(', ')}`
    }
    const sameKind = this.resources.filter((resource) => resource.kind === kind.kind)
    const near = sameKind.length > 0 ? sameKind : this.#nearKinds(kind)
    return didYouMean(near.slice(0, 3).map((r) => `${apiVersion(r.group, r.versions[0] ?? '')} ${r.kind}`))
  }

  #nearKinds(kind: GroupKind): DiscoveredResource[] {
    const kinds = suggestions(
      kind.kind,
      this.resources.map((resource) => resource.kind),
    )
    return kinds.flatMap((name) => this.resources.filter((resource) => resource.kind === name))
  }
}

function mappingOf(resource: DiscoveredResource, version: string | undefined): RestMapping {
  return {
    group: resource.group,
    version: version ?? resource.versions[0] ?? '',
    kind: resource.kind,
    plural: resource.name,
    namespaced: resource.namespaced,
    resource,
  }
}

function qualifiedName({ name, group }: DiscoveredResource): string {
  return group === '' ? name : `${name}.${group}`
}

function apiVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}
