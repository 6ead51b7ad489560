import { isNotFound, type Unstructured } from '@k1s/apimachinery'
import type { StorageInterface, StorageKey } from '@k1s/storage'
import type { ResourceDefinition, ResourceVersionDefinition } from '../resource-definition.ts'
import type { ResourceRequest } from './resource-request.ts'

/**
 * From storage to the version that the caller speaks. Objects that were stored before the schema last changed get
 * the defaults they lack; only then is a schema loaded.
 */
export function fromStorage(
  { definition, apiVersion, version }: Pick<ResourceRequest, 'definition' | 'apiVersion' | 'version'>,
  object: Unstructured,
): Unstructured | Promise<Unstructured> {
  if (isSpoken(definition, apiVersion, object)) return object
  if (definition.strategy.convert !== undefined) return definition.strategy.convert(object, apiVersion)
  return upgrade(definition, version, apiVersion, object)
}

/** As {@link fromStorage}, for who still needs the object as it is stored. */
export function copyFromStorage(
  request: Pick<ResourceRequest, 'definition' | 'apiVersion' | 'version'>,
  object: Unstructured,
): Unstructured | Promise<Unstructured> {
  const isAlike = isSpoken(request.definition, request.apiVersion, object)
  return isAlike ? object : fromStorage(request, structuredClone(object))
}

/** Whether an object is stored as the caller speaks it. */
function isSpoken(definition: ResourceDefinition, apiVersion: string, object: Unstructured): boolean {
  const isCurrent = Number(object.metadata.resourceVersion) >= (definition.schemaRevision ?? 0)
  return isCurrent && object.apiVersion === apiVersion
}

async function upgrade(
  definition: ResourceDefinition,
  version: ResourceVersionDefinition,
  apiVersion: string,
  object: Unstructured,
): Promise<Unstructured> {
  const stored = definition.versions.find((candidate) => object.apiVersion.endsWith(`/${candidate.name}`))
  ;(await stored?.schema?.())?.applyDefaults(object)
  if (object.apiVersion === apiVersion) return object
  object.apiVersion = apiVersion
  const schema = await version.schema?.()
  schema?.prune(object)
  schema?.applyDefaults(object)
  return object
}

/**
 * From the version that the caller speaks to the stored one, with the defaults that Kubernetes gives to every object
 * that it decodes from storage.
 */
export function toStorage(
  { definition, apiVersion }: Pick<ResourceRequest, 'definition' | 'apiVersion'>,
  object: Unstructured,
): Unstructured | Promise<Unstructured> {
  const { storageApiVersion, strategy } = definition
  if (object.apiVersion === storageApiVersion) return object
  if (strategy.convert !== undefined) return strategy.convert(object, storageApiVersion)
  if (apiVersion === storageApiVersion) return object
  return downgrade(definition, object)
}

async function downgrade(
  { versions, storageApiVersion }: ResourceDefinition,
  object: Unstructured,
): Promise<Unstructured> {
  const stored = versions.find(({ name }) => storageApiVersion.endsWith(`/${name}`))
  const converted: Unstructured = { ...object, apiVersion: storageApiVersion }
  const schema = await stored?.schema?.()
  schema?.prune(converted)
  schema?.applyDefaults(converted)
  return converted
}

export async function exists(storage: StorageInterface, key: StorageKey): Promise<boolean> {
  try {
    await storage.get(key)
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}
