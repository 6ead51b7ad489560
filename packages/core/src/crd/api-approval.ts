import { type FieldError, fieldError } from '@k1s/apimachinery'
import { isRequestURI } from '../schema/request-uri.ts'
import type { CustomResourceDefinition } from './custom-resource-definition.ts'

const annotation = 'api-approved.kubernetes.io'
const proposal = 'see https://github.com/kubernetes/enhancements/pull/1111'

/**
 * Groups below k8s.io and kubernetes.io need an annotation with the address of an approval, or with the reason why
 * there is none. An update that leaves the state of the approval alone passes.
 *
 * Follows `validateAPIApproval` of `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`.
 */
export function validateAPIApproval(
  crd: CustomResourceDefinition,
  old?: CustomResourceDefinition,
): FieldError[] {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(crd.spec.group ?? '')) return []
  const state = approvalState(crd)
  if (state === 'approved' || state === 'bypassed') return []
  if (old !== undefined && approvalState(old) === state) return []
  const path = `metadata.annotations[${annotation}]`
  if (state === 'missing') {
    return [
      fieldError.required(
        path,
        `protected groups must have approval annotation "${annotation}", ${proposal}`,
      ),
    ]
  }
  const detail = `protected groups must have approval annotation "${annotation}" with either a URL or a reason starting with "unapproved", ${proposal}`
  return [fieldError.invalid(path, approvalOf(crd), detail)]
}

function approvalOf(crd: CustomResourceDefinition): string {
  return crd.metadata.annotations?.[annotation] ?? ''
}

function approvalState(crd: CustomResourceDefinition): 'missing' | 'bypassed' | 'approved' | 'invalid' {
  const approval = approvalOf(crd)
  if (approval === '') return 'missing'
  if (approval.startsWith('unapproved')) return 'bypassed'
  return isRequestURI(approval) && /^[a-zA-Z][^:]*:\/\/[^/?]/.test(approval) ? 'approved' : 'invalid'
}
