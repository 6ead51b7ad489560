import type { GroupVersionResources } from './group-versions.ts'

/** `metav1.GroupVersionForDiscovery`. */
export interface GroupVersionForDiscovery {
  readonly groupVersion: string
  readonly version: string
}

/** `metav1.APIGroup`. */
export interface APIGroup {
  readonly name: string
  readonly versions: readonly GroupVersionForDiscovery[]
  readonly preferredVersion: GroupVersionForDiscovery
}

/** `metav1.APIGroupList`, the answer of `/apis`. The core group is not in it. */
export interface APIGroupList {
  readonly kind: 'APIGroupList'
  readonly apiVersion: 'v1'
  readonly groups: readonly APIGroup[]
}

/** `metav1.APIVersions`, the answer of `/api`. */
export interface APIVersions {
  readonly kind: 'APIVersions'
  readonly versions: readonly string[]
  readonly serverAddressByClientCIDRs: readonly {
    readonly clientCIDR: string
    readonly serverAddress: string
  }[]
}

/** `groupVersions` are in order of preference. */
export function apiGroupList(groupVersions: readonly GroupVersionResources[]): APIGroupList {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: apiGroups(groupVersions) }
}

/** The answer of `/apis/{group}`; undefined if nothing of the group is served. */
export function apiGroup(
  groupVersions: readonly GroupVersionResources[],
  name: string,
): (APIGroup & { readonly kind: 'APIGroup'; readonly apiVersion: 'v1' }) | undefined {
  const group = apiGroups(groupVersions).find((candidate) => candidate.name === name)
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...group }
}

/** In process there are no addresses: a server that has some fills them in. */
export function apiVersions(groupVersions: readonly GroupVersionResources[]): APIVersions {
  const core = groupVersions.filter(({ group }) => group === '')
  return {
    kind: 'APIVersions',
    versions: core.map(({ version }) => version),
    serverAddressByClientCIDRs: [],
  }
}

function apiGroups(groupVersions: readonly GroupVersionResources[]): APIGroup[] {
  const groups = new Map<string, GroupVersionForDiscovery[]>()
  for (const { group, groupVersion, version } of groupVersions) {
    if (group === '') continue
    const versions = groups.get(group)
    if (versions === undefined) groups.set(group, [{ groupVersion, version }])
    else versions.push({ groupVersion, version })
  }
  return Array.from(groups, ([name, versions]) => ({ name, versions, preferredVersion: versions[0]! }))
}
