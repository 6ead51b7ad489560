import {
  formatGroupVersion,
  isNotFound,
  labelSelectorAsMatcher,
  parseGroupVersion,
  type Unstructured,
} from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import type { ResourceRegistry } from '../../registry/resource-registry.ts'
import { fromStorage } from '../../registry-store/stored-object.ts'
import type { ResourceDefinition, ResourceVersionDefinition } from '../../resource-definition.ts'
import { collectionPrefix, objectKey } from '../../resource-path.ts'
import type { ParamRef, PolicySpec } from './policy-types.ts'

type ParamKind = NonNullable<PolicySpec['paramKind']>

/** The resource that a policy takes its parameters from. */
export interface ParamResource {
  readonly definition: ResourceDefinition
  readonly version: ResourceVersionDefinition
}

/** Undefined if there is no such kind in this version. */
export async function findParamResource(
  registry: ResourceRegistry,
  tenant: string,
  { apiVersion = '', kind = '' }: ParamKind,
): Promise<ParamResource | undefined> {
  const { group, version: wanted } = parseGroupVersion(apiVersion)
  const definition = await registry.findKind(tenant, group, kind)
  const version = definition?.versions.find(({ name, served }) => served && name === wanted)
  return definition && version && { definition, version }
}

/** The same, but an Error in Kubernetes' words if there is none. */
export async function requireParamResource(
  registry: ResourceRegistry,
  tenant: string,
  paramKind: ParamKind,
): Promise<ParamResource> {
  const found = await findParamResource(registry, tenant, paramKind)
  if (found !== undefined) return found
  const { group, version } = parseGroupVersion(paramKind.apiVersion ?? '')
  throw new Error(
    `failed to find resource referenced by paramKind: '${group}/${version}, Kind=${paramKind.kind ?? ''}'`,
  )
}

/**
 * The objects with which a policy is evaluated, once for each; undefined stands for none. No objects at all mean that
 * the binding does not apply.
 *
 * `CollectParams` of `k8s.io/apiserver/pkg/admission/plugin/policy/generic`, whose Errors these are.
 */
export async function collectParams(
  storage: StorageInterface,
  tenant: string,
  resource: ParamResource | undefined,
  paramRef: ParamRef | undefined,
  requestNamespace: string | undefined,
): Promise<readonly (Unstructured | undefined)[]> {
  if (resource === undefined || paramRef === undefined) return [undefined]
  const namespace = paramNamespace(resource, paramRef, requestNamespace)
  const found = await readParams(storage, tenant, resource, paramRef, namespace)
  if (found.length === 0 && paramRef.parameterNotFoundAction === 'Deny') {
    throw new Error('no params found for policy binding with `Deny` parameterNotFoundAction')
  }
  return found
}

function paramNamespace(
  { definition }: ParamResource,
  { namespace }: ParamRef,
  requestNamespace: string | undefined,
): string | undefined {
  if (definition.scope === 'Cluster') {
    if (namespace) throw new Error('paramRef.namespace must not be provided for a cluster-scoped `paramKind`')
    return undefined
  }
  const used = namespace || requestNamespace
  if (used) return used
  throw new Error('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources')
}

async function readParams(
  storage: StorageInterface,
  tenant: string,
  { definition, version }: ParamResource,
  { name, selector }: ParamRef,
  namespace: string | undefined,
): Promise<Unstructured[]> {
  const apiVersion = formatGroupVersion({ group: definition.group, version: version.name })
  const convert = async (object: Unstructured) => fromStorage({ definition, apiVersion, version }, object)
  if (name) {
    if (selector !== undefined) throw new Error('paramRef.name and paramRef.selector are mutually exclusive')
    try {
      return [await convert(await storage.get(objectKey(tenant, definition, namespace, name)))]
    } catch (error) {
      if (isNotFound(error)) return []
      throw error
    }
  }
  if (selector === undefined) throw new Error('one of name or selector must be provided')
  const matcher = labelSelectorAsMatcher(selector)
  const { items } = await storage.getList<Unstructured>(collectionPrefix(tenant, definition, namespace), {
    predicate: ({ metadata }) => matcher.matches(metadata.labels),
  })
  return Promise.all(items.map(convert))
}
