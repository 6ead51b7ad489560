import type { Unstructured } from '@k1s/apimachinery'
import type { StorageInterface } from '@k1s/storage'
import type { ResourceRegistry } from '../../registry/resource-registry.ts'
import type { AdmissionAttributes } from '../admission.ts'
import { admissionRequestMeta } from '../create-admission-request.ts'
import { convertTo, type MatchedResource } from '../equivalent-resources.ts'
import { matchResources } from '../match-resources.ts'
import { getNamespace } from '../match-selectors.ts'
import type { PolicyInput } from './policy-activation.ts'
import { collectParams, type ParamResource, requireParamResource } from './policy-params.ts'
import type { PolicyHook } from './policy-source.ts'
import type { Policy, PolicyBinding } from './policy-types.ts'

/** A policy that means a request, with the parameters of one of its bindings. */
export interface BoundPolicy<P extends Policy, E> {
  readonly hook: PolicyHook<P, E>
  readonly binding: PolicyBinding
  readonly matched: MatchedResource
  readonly params: readonly (Unstructured | undefined)[]
}

/** A policy, or a binding of it, that cannot be used as it is. */
export interface ConfigurationError<P extends Policy> {
  readonly policy: P
  readonly binding?: PolicyBinding
  readonly message: string
}

/**
 * What policies mean a request by which of their bindings, in order: the first half of `policyDispatcher.Dispatch` of
 * `k8s.io/apiserver/pkg/admission/plugin/policy/generic`.
 */
export async function findBoundPolicies<P extends Policy, E>(
  { storage, registry }: { storage: StorageInterface; registry: ResourceRegistry },
  attributes: AdmissionAttributes,
  hooks: readonly PolicyHook<P, E>[],
): Promise<(BoundPolicy<P, E> | ConfigurationError<P>)[]> {
  const { tenant, namespace } = attributes
  const found: (BoundPolicy<P, E> | ConfigurationError<P>)[] = []
  for (const hook of hooks) {
    const { policy, bindings } = hook
    const { matchConstraints = {}, paramKind } = policy.spec ?? {}
    let matched: MatchedResource | undefined
    let resource: ParamResource | undefined
    try {
      matched = await matchResources(storage, attributes, matchConstraints)
      if (matched === undefined) continue
      if (paramKind !== undefined) resource = await requireParamResource(registry, tenant, paramKind)
    } catch (error) {
      found.push({ policy, message: `failed to configure policy: ${messageOf(error)}` })
      continue
    }
    for (const binding of bindings) {
      const { matchResources: meant, paramRef } = binding.spec ?? {}
      try {
        if (meant !== undefined && (await matchResources(storage, attributes, meant)) === undefined) continue
        const params = await collectParams(storage, tenant, resource, paramRef, namespace)
        if (params.length > 0) found.push({ hook, binding, matched, params })
      } catch (error) {
        found.push({ policy, binding, message: `failed to configure binding: ${messageOf(error)}` })
      }
    }
  }
  return found
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * What expressions see, but for parameters. `seesNamespace` tells whether they speak of the namespace. NotFound if it is
 * not there.
 */
export async function policyInput(
  storage: StorageInterface,
  attributes: AdmissionAttributes,
  matched: MatchedResource,
  seesNamespace: boolean,
): Promise<Omit<PolicyInput, 'params'>> {
  const { object, oldObject, tenant, namespace, resource, group } = attributes
  const isNamespace = group === '' && resource === 'namespaces'
  return {
    object: object && (await convertTo(matched, object)),
    oldObject: oldObject && (await convertTo(matched, oldObject)),
    request: () => admissionRequestMeta(attributes, matched),
    namespace:
      namespace === undefined || isNamespace || !seesNamespace
        ? undefined
        : await getNamespace(storage, tenant, namespace),
  }
}

/** Whether any expression of a policy may speak of the namespace. */
export function seesNamespace({ spec }: Policy): boolean {
  return JSON.stringify(spec).includes('namespaceObject')
}
