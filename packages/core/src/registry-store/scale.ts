import { fieldError, isJsonObject, newBadRequest, newInvalid, type Unstructured } from '@k1s/apimachinery'
import { cloneJson } from '../clone-json.ts'
import { writeFieldPath } from '../field-path.ts'
import type { ApiResponse } from '../request.ts'
import { decodeBody } from './decode-body.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { scaleApiVersion, scaleOf } from './scale-of.ts'
import { writeUpdate } from './write-update.ts'

/** Sets the replicas of an object through the Scale that `makeScale` makes of the current one. */
export async function updateScale(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  makeScale: (current: Unstructured) => unknown,
): Promise<ApiResponse> {
  const paths = resourceRequest.version.scaleSubresource!
  const answer = await writeUpdate(context, resourceRequest, async (current, strategy, attempt) => {
    const scale = cloneJson(makeScale(scaleOf(current, paths)))
    const replicas = checkScale(resourceRequest, scale)
    const object = await decodeBody(attempt, strategy, current)
    const { resourceVersion, uid } = (scale as Unstructured).metadata
    object.metadata.resourceVersion = resourceVersion ?? object.metadata.resourceVersion
    if (uid) object.metadata.uid = uid
    writeFieldPath(object, paths.specReplicasPath, replicas)
    return object
  })
  return { ...answer, body: scaleOf(answer.body as Unstructured, paths) }
}

/** The configuration of the whole object that says what an applied Scale says. */
export function scaleConfiguration(resourceRequest: ResourceRequest): Unstructured {
  const { request, definition, version, apiVersion } = resourceRequest
  const scale = cloneJson(request.body)
  const replicas = checkScale(resourceRequest, scale)
  const { name, namespace, uid, resourceVersion } = (scale as Unstructured).metadata
  const configuration: Unstructured = {
    apiVersion,
    kind: definition.kind,
    metadata: {
      name: name!,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
    },
  }
  const { spec } = scale as Unstructured
  if (isJsonObject(spec) && 'replicas' in spec) {
    writeFieldPath(configuration, version.scaleSubresource!.specReplicasPath, replicas)
  }
  return configuration
}

function checkScale({ request }: ResourceRequest, scale: unknown): number {
  if (!isJsonObject(scale) || scale.kind !== 'Scale' || scale.apiVersion !== scaleApiVersion) {
    throw newBadRequest(`the body must be a Scale of ${scaleApiVersion}`)
  }
  if (!isJsonObject(scale.metadata)) throw newBadRequest('metadata: Required value')
  const { name } = scale.metadata
  if (name !== request.name) {
    throw newBadRequest(
      `the name of the object (${String(name ?? '')}) does not match the name on the URL (${request.name})`,
    )
  }
  const spec = scale.spec
  const replicas = isJsonObject(spec) ? (spec.replicas ?? 0) : 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw newBadRequest(
      'Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a whole number',
    )
  }
  if (replicas !== (replicas | 0)) {
    throw newBadRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal number ${replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    )
  }
  if (replicas < 0) {
    throw newInvalid({ group: 'autoscaling', kind: 'Scale' }, request.name ?? '', [
      fieldError.invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ])
  }
  return replicas
}
