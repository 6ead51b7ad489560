import { parseGroupVersion } from '@k1s/apimachinery'
import type { UserInfo } from '../request.ts'
import type { AdmissionAttributes } from './admission.ts'
import type { AdmissionOptions, AdmissionRequest, AdmissionUserInfo } from './admission-review.ts'
import type { MatchedResource } from './equivalent-resources.ts'

/** A request without what differs from call to call, and without objects: all that policies see of it. */
export type AdmissionRequestMeta = Omit<AdmissionRequest, 'uid' | 'object' | 'oldObject'>

/** `CreateV1AdmissionReview` of `k8s.io/apiserver/pkg/admission/plugin/webhook/request`. */
export function admissionRequestMeta(
  attributes: AdmissionAttributes,
  { kind, group, version, resource }: MatchedResource,
): AdmissionRequestMeta {
  const { subresource, namespace, name, operation, dryRun } = attributes
  return {
    kind,
    resource: { group, version, resource },
    ...(subresource !== undefined && { subResource: subresource }),
    requestKind: { ...parseGroupVersion(attributes.kindApiVersion), kind: attributes.kind },
    requestResource: { group: attributes.group, version: attributes.version, resource: attributes.resource },
    ...(subresource !== undefined && { requestSubResource: subresource }),
    name,
    ...(namespace !== undefined && { namespace }),
    operation,
    userInfo: userInfo(attributes),
    dryRun,
    options: operationOptions(attributes),
  }
}

function userInfo({ user }: AdmissionAttributes): AdmissionUserInfo {
  const { name, uid, extra } = user
  const groups = groupsOf(user)
  return {
    username: name,
    ...(uid !== undefined && { uid }),
    ...(groups !== undefined && { groups }),
    ...(extra !== undefined && { extra }),
  }
}

/**
 * Whoever is somebody is in `system:authenticated`, as for `AuthenticatedGroupAdder` of
 * `k8s.io/apiserver/pkg/authentication/group`: expressions rely on there being groups.
 */
function groupsOf({ name, groups }: UserInfo): readonly string[] | undefined {
  if (name === 'system:anonymous') return groups
  if (groups?.some((group) => group === authenticated || group === 'system:unauthenticated')) return groups
  return [...(groups ?? []), authenticated]
}

const authenticated = 'system:authenticated'

const kinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const

/** The options of a request as an object. A patch is an update to admission, and its options are too. */
function operationOptions({ operation, options }: AdmissionAttributes): AdmissionOptions {
  const { dryRun, fieldManager, fieldValidation, propagationPolicy, gracePeriodSeconds, preconditions } =
    options
  const given =
    operation === 'DELETE'
      ? { dryRun, propagationPolicy, gracePeriodSeconds, preconditions }
      : { dryRun, fieldManager, fieldValidation }
  return {
    kind: kinds[operation],
    apiVersion: 'meta.k8s.io/v1',
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  }
}
