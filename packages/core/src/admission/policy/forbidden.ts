import { newForbidden, type StatusError } from '@k1s/apimachinery'
import type { AdmissionAttributes } from '../admission.ts'

/** `NewForbidden` of `k8s.io/apiserver/pkg/admission`, which knows the object before it has a name. */
export function forbiddenRequest(
  { group, resource, name, object }: AdmissionAttributes,
  why: string,
): StatusError {
  const shown = name || object?.metadata.name || object?.metadata.generateName || 'Unknown'
  return newForbidden({ group, resource }, shown, why)
}
