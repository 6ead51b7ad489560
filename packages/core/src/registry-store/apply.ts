import {
  isAlreadyExists,
  isJsonObject,
  isNotFound,
  newBadRequest,
  newConflict,
  newNotFound,
  type Unstructured,
} from '@k1s/apimachinery'
import { cloneJson } from '../clone-json.ts'
import type { ApiResponse } from '../request.ts'
import type { ResourceStrategy } from '../resource-definition.ts'
import { objectKey } from '../resource-path.ts'
import { create } from './create.ts'
import { decodeBody } from './decode-body.ts'
import { applyConfiguration } from './field-management.ts'
import { checkObjectName, checkObjectNamespace } from './identity-check.ts'
import type { ResourceRequest, StoreContext } from './resource-request.ts'
import { scaleConfiguration } from './scale.ts'
import { scaleOf } from './scale-of.ts'
import { exists } from './stored-object.ts'
import { writeUpdate } from './write-update.ts'

/** Server-side apply: `applyPatcher` of `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`. Creates what is not there. */
export async function apply(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const { request, definition } = resourceRequest
  const { tenant, namespace, name, subresource, group, resource } = request
  checkConfiguration(request.body)
  if (subresource === 'scale') return applyScale(context, resourceRequest)
  const key = objectKey(tenant, definition, namespace, name!)
  while (true) {
    try {
      if (await exists(context.storage, key)) return await applyToLive(context, resourceRequest, request.body)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    if (subresource !== undefined) throw newNotFound({ group, resource }, name!)
    try {
      return await create(context, resourceRequest, readConfiguration)
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  }
}

function checkConfiguration(body: unknown): asserts body is Unstructured {
  if (!isJsonObject(body)) throw newBadRequest('error decoding patch: the configuration is not an object')
  const { kind, apiVersion } = body
  if (typeof kind !== 'string' || kind === '' || typeof apiVersion !== 'string' || apiVersion === '') {
    throw newBadRequest(`invalid object type: ${JSON.stringify({ apiVersion, kind })}`)
  }
}

async function applyScale(context: StoreContext, resourceRequest: ResourceRequest): Promise<ApiResponse> {
  const answer = await applyToLive(context, resourceRequest, scaleConfiguration(resourceRequest))
  return { ...answer, body: scaleOf(answer.body as Unstructured, resourceRequest.version.scaleSubresource!) }
}

function applyToLive(
  context: StoreContext,
  resourceRequest: ResourceRequest,
  configuration: Unstructured,
): Promise<ApiResponse> {
  const makeUpdate = async (current: Unstructured, strategy: ResourceStrategy, attempt: ResourceRequest) => {
    const merged = await applyConfiguration(attempt, current, cloneJson(configuration))
    if (merged === undefined) return current
    return readMerged(attempt, strategy, merged)
  }
  return writeUpdate(context, resourceRequest, makeUpdate, { isTracked: true })
}

async function readConfiguration(
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
): Promise<Unstructured> {
  const { request } = resourceRequest
  const configuration = cloneJson(request.body) as Unstructured
  const merged = await applyConfiguration(resourceRequest, undefined, configuration)
  const object = await readMerged(resourceRequest, strategy, merged ?? configuration)
  const { uid } = object.metadata
  if (!uid) return object
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
  throw newConflict({ group: request.group, resource: request.resource }, request.name!, why)
}

async function readMerged(
  resourceRequest: ResourceRequest,
  strategy: ResourceStrategy,
  merged: Unstructured,
): Promise<Unstructured> {
  const object = await decodeBody(resourceRequest, strategy, merged)
  checkObjectNamespace(resourceRequest, object)
  checkObjectName(resourceRequest, object)
  return object
}
