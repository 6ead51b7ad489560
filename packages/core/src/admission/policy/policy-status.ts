import type { Unstructured } from '@k1s/apimachinery'
import type { ResourceRegistry } from '../../registry/resource-registry.ts'
import type { ValidatingAdmissionPolicy } from './policy-types.ts'
import { checkTypes } from './type-checking.ts'

/**
 * Sets the status of a policy whose specification is new, in place: what the controller of
 * `k8s.io/kubernetes/pkg/controller/validatingadmissionpolicystatus` does some time later.
 */
export async function setPolicyStatus(
  registry: ResourceRegistry,
  tenant: string,
  object: Unstructured,
): Promise<void> {
  const policy = object as ValidatingAdmissionPolicy
  const { generation = 1 } = policy.metadata
  if (generation <= (policy.status?.observedGeneration ?? 0)) return
  const expressionWarnings = await checkTypes(registry, tenant, policy)
  policy.status = {
    ...policy.status,
    observedGeneration: generation,
    typeChecking: expressionWarnings.length === 0 ? {} : { expressionWarnings },
  }
}
