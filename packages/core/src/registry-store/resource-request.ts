import {
  type Clock,
  formatGroupVersion,
  newBadRequest,
  newMethodNotSupported,
  StatusError,
} from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import type { Admission } from '../admission/admission.ts'
import type { ResourceRegistry } from '../registry/resource-registry.ts'
import type { ApiRequest } from '../request.ts'
import type { ResourceDefinition, ResourceVersionDefinition } from '../resource-definition.ts'

/** What the verbs work with. */
export interface StoreContext {
  readonly storage: StorageInterface
  readonly registry: ResourceRegistry
  readonly admission?: Admission
}

/** A request whose resource has been found. */
export interface ResourceRequest {
  readonly request: ApiRequest
  readonly definition: ResourceDefinition
  readonly version: ResourceVersionDefinition
  /** What the caller speaks: `inventory.k1s.dev/v1`. */
  readonly apiVersion: string
  readonly dryRun: boolean
  /** That of the store. */
  readonly clock: Clock
  /** Filled on the way, sent with the answer. */
  readonly warnings: string[]
}

/** NotFound with the words of an API server if there is no such resource, version or subresource. */
export function resolveRequest(
  { registry, storage }: StoreContext,
  request: ApiRequest,
): ResourceRequest | Promise<ResourceRequest> {
  const { tenant, group, resource } = request
  const found = registry.find(tenant, group, resource)
  return found instanceof Promise
    ? found.then((definition) => resolve(request, definition, storage.clock))
    : resolve(request, found, storage.clock)
}

function resolve(
  request: ApiRequest,
  definition: ResourceDefinition | undefined,
  clock: Clock,
): ResourceRequest {
  const { group, subresource } = request
  const version = definition?.versions.find(({ name, served }) => served && name === request.version)
  if (definition === undefined || version === undefined) throw noSuchResource()
  checkScope(request, definition)
  if (subresource !== undefined) checkSubresource(request, version)
  return {
    request,
    definition,
    version,
    apiVersion: formatGroupVersion({ group, version: request.version }),
    clock,
    dryRun: (request.options.dryRun ?? []).length > 0,
    warnings: version.deprecationWarning === undefined ? [] : [version.deprecationWarning],
  }
}

function noSuchResource(): StatusError {
  return new StatusError({
    code: 404,
    reason: 'NotFound',
    details: {},
    message: 'the server could not find the requested resource',
  })
}

/** What an API server says of a path that has no route for the method. */
function methodNotAllowed(): StatusError {
  return new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    details: {},
    message: 'the server does not allow this method on the requested resource',
  })
}

function checkScope(
  { namespace, name, verb }: ApiRequest,
  { scope, unsupportedVerbs = [] }: ResourceDefinition,
): void {
  const namesOne = verb !== 'list' && verb !== 'watch' && verb !== 'deletecollection'
  if (scope === 'Cluster') {
    if (namespace !== undefined) throw noSuchResource()
  } else if (namespace === undefined && namesOne) {
    throw newBadRequest('an empty namespace may not be set when a resource name is provided')
  }
  const isAllOfNamespaced = namespace === undefined && verb === 'deletecollection' && scope === 'Namespaced'
  if (isAllOfNamespaced || unsupportedVerbs.includes(verb)) throw methodNotAllowed()
  if (namesOne && verb !== 'create' && !name) throw newBadRequest('name must be provided')
}

function checkSubresource(
  { subresource, verb, group, resource }: ApiRequest,
  version: ResourceVersionDefinition,
) {
  const exists =
    (subresource === 'finalize' && version.finalizeSubresource) ||
    (subresource === 'status' && version.statusSubresource) ||
    (subresource === 'scale' && version.scaleSubresource !== undefined)
  if (!exists) throw noSuchResource()
  if (subresource === 'finalize' && verb !== 'update') throw methodNotAllowed()
  if (verb !== 'get' && verb !== 'update' && verb !== 'patch') {
    throw newMethodNotSupported({ group, resource: `${resource}/${subresource}` }, verb)
  }
}
