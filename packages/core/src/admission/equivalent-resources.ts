import { formatGroupVersion, type Unstructured } from '@k1s/apimachinery'
import { builtinDefinitions } from '../builtin/index.ts'
import { fromStorage } from '../registry-store/stored-object.ts'
import type { ResourceDefinition, ResourceVersionDefinition } from '../resource-definition.ts'
import { storageResource } from '../resource-path.ts'
import type { AdmissionAttributes } from './admission.ts'
import type { VersionedResource } from './match-rules.ts'

/** What a request is taken for: its own resource, or another version of the same objects. */
export interface MatchedResource extends VersionedResource {
  /** The kind of `object` in this version. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly definition: ResourceDefinition
  readonly versionDefinition: ResourceVersionDefinition
}

/** The resource of the request itself. */
export function requestedResource(attributes: AdmissionAttributes): MatchedResource {
  const { group, version, resource, definition } = attributes
  const versionDefinition = definition.versions.find(({ name }) => name === version)!
  return matchedResource(attributes, definition, versionDefinition, { group, version, resource })
}

/**
 * Other served versions and views of the objects that a request is for: `EquivalentResourcesFor` of the API server's
 * EquivalentResourceRegistry.
 */
export function equivalentResources(attributes: AdmissionAttributes): MatchedResource[] {
  const { definition, subresource, version } = attributes
  const views =
    definition.origin === 'builtin'
      ? builtinDefinitions.filter((other) => storageResource(other) === storageResource(definition))
      : [definition]
  return views.flatMap((view) =>
    view.versions
      .filter((candidate) => candidate.served && hasSubresource(candidate, subresource))
      .filter((candidate) => view !== definition || candidate.name !== version)
      .map((candidate) =>
        matchedResource(attributes, view, candidate, {
          group: view.group,
          version: candidate.name,
          resource: view.plural,
        }),
      ),
  )
}

function hasSubresource(version: ResourceVersionDefinition, subresource: string | undefined): boolean {
  if (subresource === undefined) return true
  return subresource === 'scale' ? version.scaleSubresource !== undefined : version.statusSubresource
}

function matchedResource(
  { subresource }: AdmissionAttributes,
  definition: ResourceDefinition,
  versionDefinition: ResourceVersionDefinition,
  named: VersionedResource,
): MatchedResource {
  const kind =
    subresource === 'scale'
      ? { group: 'autoscaling', version: 'v1', kind: 'Scale' }
      : { group: named.group, version: named.version, kind: definition.kind }
  return { ...named, kind, definition, versionDefinition }
}

/** An object of a request in a matched version: the object itself where that is its own. */
export function convertTo(
  { kind, definition, versionDefinition }: MatchedResource,
  object: Unstructured,
): Unstructured | Promise<Unstructured> {
  const apiVersion = formatGroupVersion(kind)
  if (object.apiVersion === apiVersion) return object
  return fromStorage({ definition, apiVersion, version: versionDefinition }, structuredClone(object))
}
