import type { Unstructured } from '@k1s/apimachinery'
import type { AdmissionAttributes, AdmissionOperation } from '../admission/admission.ts'
import type { ResourceRequest } from './resource-request.ts'
import { scaleApiVersion, scaleOf } from './scale-of.ts'

/**
 * What admission sees of a write, `admission.NewAttributesRecord` of `k8s.io/apiserver`. A write of the scale
 * subresource is one of a Scale.
 */
export function admissionAttributes(
  resourceRequest: ResourceRequest,
  operation: AdmissionOperation,
  object: Unstructured | undefined,
  oldObject?: Unstructured,
): AdmissionAttributes {
  const { request, definition, version, apiVersion, dryRun, warnings } = resourceRequest
  const { tenant, user, group, resource, subresource, options } = request
  const paths = subresource === 'scale' ? version.scaleSubresource : undefined
  const represent = (whole: Unstructured) => (paths === undefined ? whole : scaleOf(whole, paths))
  const name = request.name ?? object?.metadata.name ?? ''
  // A request for a namespace is one in that namespace, as the path grammar of an API server has it.
  const namespace = resource === 'namespaces' && group === '' ? name : request.namespace
  return {
    operation,
    tenant,
    user,
    group,
    version: request.version,
    resource,
    ...(paths === undefined
      ? { kind: definition.kind, kindApiVersion: apiVersion }
      : { kind: 'Scale', kindApiVersion: scaleApiVersion }),
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    name,
    ...(object !== undefined && { object: represent(object) }),
    ...(oldObject !== undefined && { oldObject: represent(oldObject) }),
    options,
    dryRun,
    definition,
    warn: (text) => warnings.push(text),
    annotate: (key, value) => request.annotate?.(key, value),
  }
}
