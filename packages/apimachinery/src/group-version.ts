/** Group, version, kind and resource names, as in `k8s.io/apimachinery/pkg/runtime/schema`. */

export interface GroupVersion {
  group: string
  version: string
}

export interface GroupKind {
  group: string
  kind: string
}

export interface GroupResource {
  group: string
  resource: string
}

export interface GroupVersionKind extends GroupVersion {
  kind: string
}

export interface GroupVersionResource extends GroupVersion {
  resource: string
}

/** Parses `v1` and `apps/v1`. Throws an Error with Kubernetes' message on anything else. */
export function parseGroupVersion(apiVersion: string): GroupVersion {
  if (apiVersion === '' || apiVersion === '/') return { group: '', version: '' }
  const parts = apiVersion.split('/')
  if (parts.length === 1) return { group: '', version: parts[0]! }
  if (parts.length === 2) return { group: parts[0]!, version: parts[1]! }
  throw new Error(`unexpected GroupVersion string: ${apiVersion}`)
}

/** `v1` for the core group, else `group/version`. */
export function formatGroupVersion({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`
}

export function groupVersionKindOf(object: { apiVersion: string; kind: string }): GroupVersionKind {
  return { ...parseGroupVersion(object.apiVersion), kind: object.kind }
}

/** As Go prints it: `apps/v1, Kind=Deployment`; `/v1, Kind=Pod` in the core group. */
export function formatGroupVersionKind({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}, Kind=${kind}`
}

/** As Go prints it: `apps/v1, Resource=deployments`. */
export function formatGroupVersionResource({ group, version, resource }: GroupVersionResource): string {
  return `${group}/${version}, Resource=${resource}`
}

/** `deployments.apps`, or `pods` in the core group. */
export function formatGroupResource({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`
}

/** `Deployment.apps`, or `Pod` in the core group. */
export function formatGroupKind({ group, kind }: GroupKind): string {
  return group === '' ? kind : `${kind}.${group}`
}

/** Splits `deployments.apps` into resource and group; without a dot the group is empty. */
export function parseGroupResource(text: string): GroupResource {
  const dot = text.indexOf('.')
  if (dot < 0) return { group: '', resource: text }
  return { resource: text.slice(0, dot), group: text.slice(dot + 1) }
}

/** Splits `Deployment.apps` into kind and group; without a dot the group is empty. */
export function parseGroupKind(text: string): GroupKind {
  const { group, resource } = parseGroupResource(text)
  return { group, kind: resource }
}

/**
 * Reads a resource argument as kubectl does: `deployments.v1.apps` may name a version, and is then also a
 * valid group resource (`deployments` in group `v1.apps`).
 */
export function parseResourceArg(text: string): { gvr?: GroupVersionResource; gr: GroupResource } {
  const parts = text.split('.')
  const gr = parseGroupResource(text)
  if (parts.length < 3) return { gr }
  return { gvr: { resource: parts[0]!, version: parts[1]!, group: parts.slice(2).join('.') }, gr }
}

/** Reads a kind argument as kubectl does: `Deployment.v1.apps`. */
export function parseKindArg(text: string): { gvk?: GroupVersionKind; gk: GroupKind } {
  const { gvr } = parseResourceArg(text)
  const gk = parseGroupKind(text)
  return gvr === undefined
    ? { gk }
    : { gvk: { group: gvr.group, version: gvr.version, kind: gvr.resource }, gk }
}
