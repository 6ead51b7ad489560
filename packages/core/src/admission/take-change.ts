import { formatGroupVersion, newInternalError, type Unstructured } from '@k1s/apimachinery'
import { decodeBody } from '../registry-store/decode-body.ts'
import { fromStorage } from '../registry-store/stored-object.ts'
import { strategyOf } from '../registry-store/strategy.ts'
import type { AdmissionAttributes } from './admission.ts'
import type { MatchedResource } from './equivalent-resources.ts'

/**
 * Makes the object of a request what a mutating step made of it, in place: decoded like what a client sends, without
 * unknown fields and with defaults. InternalError if it is no such object.
 */
export async function takeChange(
  attributes: AdmissionAttributes,
  { kind, definition, versionDefinition }: MatchedResource,
  changed: Unstructured,
): Promise<void> {
  const object = attributes.object!
  const { apiVersion } = object
  const completed =
    kind.kind === 'Scale'
      ? changed
      : await decode(
          attributes,
          { definition, versionDefinition, apiVersion: formatGroupVersion(kind) },
          changed,
        )
  const version = definitionVersion(attributes, apiVersion)
  const converted =
    completed.apiVersion === apiVersion || version === undefined
      ? completed
      : await fromStorage({ definition: attributes.definition, apiVersion, version }, completed)
  for (const field of Object.keys(object)) delete object[field]
  Object.assign(object, converted)
}

function definitionVersion({ definition }: AdmissionAttributes, apiVersion: string) {
  return definition.versions.find(({ name }) => apiVersion.endsWith(`/${name}`) || apiVersion === name)
}

async function decode(
  { subresource, tenant, user, operation, resource, group }: AdmissionAttributes,
  matched: Pick<MatchedResource, 'definition' | 'versionDefinition'> & { readonly apiVersion: string },
  changed: Unstructured,
): Promise<Unstructured> {
  const { definition, versionDefinition: version, apiVersion } = matched
  const request = {
    verb: operation === 'CREATE' ? 'create' : 'update',
    tenant,
    user,
    group,
    version: version.name,
    resource,
    ...(subresource !== undefined && { subresource }),
    options: { fieldValidation: 'Ignore' },
  } as const
  try {
    return await decodeBody(
      { request, definition, version, apiVersion, dryRun: false, warnings: [] },
      await strategyOf(definition),
      changed,
    )
  } catch (error) {
    throw newInternalError(error)
  }
}
