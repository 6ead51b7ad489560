import { formatGroupVersion, type Unstructured } from '@k1s/apimachinery'
import type { FieldManagerContext, FieldSet, MergeType } from '@k1s/apimachinery/managed-fields'
import { builtinDefinitions } from '../builtin/index.ts'
import type { ResourceDefinition, ResourceVersionDefinition } from '../resource-definition.ts'
import { emptyObject } from '../schema/empty-object.ts'
import type { ResourceRequest } from './resource-request.ts'
import { schemaOf } from './schema-of.ts'
import { structOf } from './struct-of.ts'
import { timestamp } from './time.ts'

type ManagedFields = typeof import('@k1s/apimachinery/managed-fields')
let managedFields: ManagedFields | undefined

/**
 * Records in the new object which manager set which of its fields, as `UpdateNoErrors` of the API server's field
 * manager does. `live` is what is stored, in the version of the request.
 */
export function trackFields(
  resourceRequest: ResourceRequest,
  live: Unstructured | undefined,
  object: Unstructured,
): void | Promise<void> {
  const types = typesOf(resourceRequest, [live, object])
  if (managedFields === undefined || types instanceof Promise) {
    return loadAndTrack(resourceRequest, live, object, types)
  }
  const manager = managerOf(resourceRequest, managedFields)
  managedFields.updateManagedFields(live, object, manager, contextOf(resourceRequest, types, managedFields))
}

async function loadAndTrack(
  resourceRequest: ResourceRequest,
  live: Unstructured | undefined,
  object: Unstructured,
  types: MergeTypes | Promise<MergeTypes>,
): Promise<void> {
  managedFields ??= await import('@k1s/apimachinery/managed-fields')
  const manager = managerOf(resourceRequest, managedFields)
  managedFields.updateManagedFields(
    live,
    object,
    manager,
    contextOf(resourceRequest, await types, managedFields),
  )
}

/**
 * Merges an applied configuration into what is stored, in the version of the request. Undefined if that changes
 * nothing. Conflict if it would change fields of other managers and was not forced.
 */
export async function applyConfiguration(
  resourceRequest: ResourceRequest,
  live: Unstructured | undefined,
  configuration: Unstructured,
): Promise<Unstructured | undefined> {
  const { options } = resourceRequest.request
  managedFields ??= await import('@k1s/apimachinery/managed-fields')
  const types = await typesOf(resourceRequest, [live])
  return managedFields.applyObject(
    live,
    configuration,
    options.fieldManager!,
    options.force === true,
    contextOf(resourceRequest, types, managedFields),
  )
}

/** `managerOrUserAgent` of `k8s.io/apiserver/pkg/endpoints/handlers/create.go`. */
function managerOf({ request }: ResourceRequest, { prefixFromUserAgent }: ManagedFields): string {
  return request.options.fieldManager || prefixFromUserAgent(request.userAgent ?? '')
}

function contextOf(
  { definition, version, apiVersion, request, clock }: ResourceRequest,
  types: MergeTypes,
  { fieldPath, fieldSet }: ManagedFields,
): FieldManagerContext {
  const { strategy } = definition
  const { subresource } = request
  resets ??= {
    status: fieldSet(fieldPath('metadata'), fieldPath('spec')),
    whole: fieldSet(fieldPath('status')),
  }
  const reset = subresource === 'status' ? resets.status : resets.whole
  return {
    apiVersion,
    typeOf: (wanted) => types.get(wanted),
    convert: (object, wanted) => strategy.convert?.(object, wanted) ?? { ...object, apiVersion: wanted },
    now: timestamp(clock),
    ...(subresource !== undefined && { subresource }),
    ...(version.statusSubresource && { resetFields: () => reset }),
    ...(definition.origin === 'builtin' && { emptyObject: (wanted) => emptyOf(definition, wanted) }),
  }
}

/** The fields that a write of a status, and one of the whole object, does not set. */
let resets: { readonly status: FieldSet; readonly whole: FieldSet } | undefined

/** Types are loaded by now, so that the struct is at hand. */
function emptyOf(definition: ResourceDefinition, apiVersion: string): Unstructured {
  const version = versionOf(definition, apiVersion)
  const struct = version && structOf(version)
  return struct === undefined || struct instanceof Promise
    ? { apiVersion, kind: definition.kind, metadata: {} }
    : emptyObject(struct, apiVersion)
}

/** By apiVersion. */
type MergeTypes = ReadonlyMap<string, MergeType>

const knownTypes = new WeakMap<ResourceVersionDefinition, MergeTypes>()

/** The merge types of the request's version and of those in which fields of the objects are recorded. */
function typesOf(
  resourceRequest: ResourceRequest,
  objects: readonly (Unstructured | undefined)[],
): MergeTypes | Promise<MergeTypes> {
  const { definition, version, apiVersion } = resourceRequest
  const known = knownTypes.get(version)
  const others = new Set<string>()
  for (const object of objects) {
    for (const { apiVersion: other } of object?.metadata.managedFields ?? []) {
      if (other !== undefined && known?.has(other) !== true && other !== apiVersion) others.add(other)
    }
  }
  if (known !== undefined && others.size === 0) return known
  return loadTypes(definition, version, [apiVersion, ...others])
}

async function loadTypes(
  definition: ResourceDefinition,
  version: ResourceVersionDefinition,
  apiVersions: readonly string[],
): Promise<MergeTypes> {
  const types = new Map(knownTypes.get(version))
  for (const apiVersion of apiVersions) {
    const found = versionOf(definition, apiVersion)
    if (found !== undefined) types.set(apiVersion, await mergeTypeOf(found))
  }
  knownTypes.set(version, types)
  return types
}

/** A version of the resource, or of another view of the same objects. */
function versionOf(
  definition: ResourceDefinition,
  apiVersion: string,
): ResourceVersionDefinition | undefined {
  const stored = definition.viewOf ?? definition
  const isView = (other: ResourceDefinition) => {
    const { group, plural } = other.viewOf ?? other
    return group === stored.group && plural === stored.plural
  }
  const views = definition.origin === 'builtin' ? builtinDefinitions.filter(isView) : [definition]
  for (const { group, versions } of views) {
    const version = versions.find(({ name }) => formatGroupVersion({ group, version: name }) === apiVersion)
    if (version !== undefined) return version
  }
  return undefined
}

/** How the objects of a version are merged. */
export async function mergeTypeOf(version: ResourceVersionDefinition): Promise<MergeType> {
  const struct = await structOf(version)
  if (struct !== undefined) {
    const { mergeTypeOfStruct } = await import('../schema/merge-type-of-struct.ts')
    return mergeTypeOfStruct(struct)
  }
  const schema = await schemaOf(version)
  const { mergeTypeOfSchema } = await import('../schema/merge-type-of-schema.ts')
  return mergeTypeOfSchema(schema?.props ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true })
}
