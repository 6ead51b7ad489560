import type { Admission, AdmissionAttributes } from '../admission/admission.ts'

/**
 * Has plugins change the object of a request. What they make of its managed fields is undone, with a warning, where it is
 * invalid: `ManagedFieldsValidatingAdmissionController` of `k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager`.
 * Undefined where there is nothing to ask.
 */
export function admitMutation(
  admission: Admission | undefined,
  attributes: AdmissionAttributes,
): Promise<void> | undefined {
  const before = attributes.object?.metadata.managedFields
  return admission?.mutate(attributes)?.then(() => keepValid(attributes, before))
}

type ManagedFields = NonNullable<AdmissionAttributes['object']>['metadata']['managedFields']

async function keepValid({ object, warn }: AdmissionAttributes, before: ManagedFields): Promise<void> {
  const { metadata } = object!
  if (metadata.managedFields === before || metadata.managedFields === undefined) return
  const { decodeManagedFields } = await import('@k1s/apimachinery/managed-fields')
  try {
    decodeManagedFields(metadata.managedFields)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    warn(
      `.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: ${error.message}`,
    )
    if (before === undefined) delete metadata.managedFields
    else metadata.managedFields = before
  }
}
