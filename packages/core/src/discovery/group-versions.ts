import { formatGroupVersion } from '@k1s/apimachinery'
import type { ResourceDefinition, ResourceVersionDefinition } from '../resource-definition.ts'
import { compareGroups, compareText, compareVersions } from './group-priority.ts'

/** A resource as a version serves it. */
export interface VersionedResource {
  readonly definition: ResourceDefinition
  readonly version: ResourceVersionDefinition
}

/** All that one group version serves. */
export interface GroupVersionResources {
  readonly group: string
  readonly version: string
  /** `v1`, `inventory.k1s.dev/v1`. */
  readonly groupVersion: string
  /** Sorted by name. */
  readonly resources: readonly VersionedResource[]
}

/** What is served, in the order of groups and versions of an API server. */
export function groupVersions(definitions: readonly ResourceDefinition[]): GroupVersionResources[] {
  const byGroupVersion = new Map<string, VersionedResource[]>()
  for (const definition of definitions) {
    for (const version of definition.versions) {
      if (!version.served) continue
      const groupVersion = formatGroupVersion({ group: definition.group, version: version.name })
      const resources = byGroupVersion.get(groupVersion)
      if (resources === undefined) byGroupVersion.set(groupVersion, [{ definition, version }])
      else resources.push({ definition, version })
    }
  }
  return Array.from(byGroupVersion, ([groupVersion, resources]) => ({
    group: resources[0]!.definition.group,
    version: resources[0]!.version.name,
    groupVersion,
    resources: resources.sort((a, b) => compareText(a.definition.plural, b.definition.plural)),
  })).sort((a, b) => compareGroups(a.group, b.group) || compareVersions(a.version, b.version))
}

/** `api/v1`, `apis/inventory.k1s.dev/v1`. */
export function groupVersionPath({ group, groupVersion }: GroupVersionResources): string {
  return group === '' ? `api/${groupVersion}` : `apis/${groupVersion}`
}
