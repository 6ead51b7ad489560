import type { Unstructured } from '@k1s/apimachinery'
import type { StorageCompanion } from '@k1s/storage'
import type { ResourceRequest, StoreContext } from '../registry-store/resource-request.ts'
import type { ResourceDefinition } from '../resource-definition.ts'
import { hasContentFinalizer } from './content-finalizer.ts'

/**
 * What belongs to writing an object of some kinds and reaches beyond the object: in Kubernetes the work of
 * controllers, here part of the request, since nothing runs afterwards.
 */
export interface Lifecycle {
  /**
   * Completes a valid object before it is stored, in place. What it returns runs in the transaction of the write; after
   * a `newRequirementFailed` that this throws, the write starts over.
   */
  prepare?(
    context: StoreContext,
    request: ResourceRequest,
    object: Unstructured,
    old?: Unstructured,
  ): Promise<StorageCompanion | undefined>
  /** Whether an object that is being deleted may go with its last finalizer: `ShouldDeleteDuringUpdate`. */
  mayGo?(object: Unstructured): boolean
  /** After the object was created or updated. */
  written?(context: StoreContext, request: ResourceRequest, object: Unstructured): Promise<void>
}

const lifecycles: { readonly [resource: string]: Lifecycle } = {
  namespaces: {
    mayGo: (object) => !hasContentFinalizer(object),
    written: async (context, request, object) => {
      const { createDefaultServiceAccount } = await import('./namespace.ts')
      await createDefaultServiceAccount(context.storage, request.request.tenant, object)
    },
  },
  'validatingadmissionpolicies.admissionregistration.k8s.io': {
    prepare: async ({ registry }, { request }, object) => {
      if (request.subresource !== undefined) return undefined
      const { setPolicyStatus } = await import('../admission/policy/policy-status.ts')
      await setPolicyStatus(registry, request.tenant, object)
      return undefined
    },
  },
  'customresourcedefinitions.apiextensions.k8s.io': {
    prepare: async (context, request, object) => {
      const { acceptNames } = await import('./custom-resource-definition.ts')
      return acceptNames(context, request.request.tenant, object)
    },
    written: async (context, request) => {
      const { publish } = await import('./custom-resource-definition.ts')
      await publish(context, request.request.tenant)
    },
  },
}

export function lifecycleOf({ group, plural, origin }: ResourceDefinition): Lifecycle | undefined {
  return origin === 'builtin' ? lifecycles[group === '' ? plural : `${plural}.${group}`] : undefined
}
