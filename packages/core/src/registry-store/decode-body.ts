import {
  append,
  canonicalJson,
  fieldError,
  formatGoValue,
  formatGroupVersionKind,
  groupVersionKindOf,
  isJsonObject,
  newBadRequest,
  newInvalid,
  parseGroupVersion,
  quote,
  StatusError,
  type Unstructured,
} from '@k1s/apimachinery'
import { cloneJson } from '../clone-json.ts'
import type { ApiRequest } from '../request.ts'
import type { ResourceStrategy } from '../resource-definition.ts'
import { conversionError } from '../schema/conversion-error.ts'
import { decodeError, dropUnknownFields, type GoStruct } from '../schema/go-type.ts'
import { coerceValidObjectMeta, objectMetaError } from '../schema/object-meta.ts'
import type { ResourceSchema } from '../schema/resource-schema.ts'
import type { ResourceRequest } from './resource-request.ts'
import { schemaOf } from './schema-of.ts'
import { structOf } from './struct-of.ts'

/** A body is not decoded otherwise at another time. */
type BodyRequest = Omit<ResourceRequest, 'clock'>

/**
 * Reads the body of a create, an update, or the result of a patch: a copy in the caller's version, of the right
 * kind and types, without unknown fields and with all defaults. BadRequest with the words of an API server.
 */
export function decodeBody(
  resourceRequest: BodyRequest,
  strategy: ResourceStrategy,
  body: unknown,
): Unstructured | Promise<Unstructured> {
  const schema = schemaOf(resourceRequest.version)
  const struct = structOf(resourceRequest.version)
  return schema instanceof Promise || struct instanceof Promise
    ? Promise.all([schema, struct]).then((loaded) => decode(resourceRequest, strategy, ...loaded, body))
    : decode(resourceRequest, strategy, schema, struct, body)
}

function decode(
  resourceRequest: BodyRequest,
  strategy: ResourceStrategy,
  schema: ResourceSchema | undefined,
  struct: GoStruct | undefined,
  body: unknown,
): Unstructured {
  const object = checkKind(resourceRequest, cloneJson(body))
  const unknown = decodeFields(resourceRequest, strategy, schema, struct, object)
  const { duplicateFields } = resourceRequest.request
  if (unknown.length > 0 || duplicateFields !== undefined) {
    reportStrictErrors(resourceRequest, duplicateFields ?? [], unknown, object, body)
  }
  schema?.applyDefaults(object)
  const { subresource } = resourceRequest.request
  if (subresource === undefined || subresource === 'finalize') strategy.applyDefaults?.(object)
  return object
}

function checkKind({ definition, apiVersion }: BodyRequest, body: unknown): Unstructured {
  if (!isJsonObject(body)) {
    throw newBadRequest(
      `the object provided is unrecognized (must be of type ${definition.kind}): couldn't get version/kind; json parse error: the body is not an object`,
    )
  }
  if (definition.origin === 'builtin') {
    body.apiVersion ??= apiVersion
    body.kind ??= definition.kind
  }
  const { apiVersion: version, kind } = body
  if (typeof kind !== 'string' || kind === '') throw missing('Kind', body)
  if (typeof version !== 'string' || version === '') throw missing('apiVersion', body)
  if (version !== apiVersion) {
    throw newBadRequest(
      `the API version in the data (${version}) does not match the expected API version (${apiVersion})`,
    )
  }
  if (kind !== definition.kind) {
    throw newBadRequest(
      `${kind} in version ${quote(parseGroupVersion(version).version)} cannot be handled as a ${definition.kind}: the kind in the data does not match the kind of the resource`,
    )
  }
  body.metadata ??= {}
  return body as Unstructured
}

function missing(what: string, body: object) {
  const text = JSON.stringify(body)
  return newBadRequest(
    `Object '${what}' is missing in '${text.length > 300 ? `${text.slice(0, 300)}…` : text}'`,
  )
}

/** Checks types and removes what the kind does not have; returns the paths of that. */
function decodeFields(
  { request }: BodyRequest,
  strategy: ResourceStrategy,
  schema: ResourceSchema | undefined,
  struct: GoStruct | undefined,
  object: Unstructured,
): string[] {
  if (strategy.decode !== undefined) {
    const { unknown, error } = strategy.decode(object)
    if (error !== undefined) throw cannotBeHandled(request, object, error)
    return unknown
  }
  if (struct !== undefined) {
    const isApply = request.patchType === 'application/apply-patch+yaml'
    const error = isApply ? conversionError(object, struct) : decodeError(object, struct)
    if (error !== undefined) {
      throw isApply ? notConverted(object, error) : cannotBeHandled(request, object, error)
    }
    return [...coerceValidObjectMeta(object.metadata, 'metadata'), ...dropUnknownFields(object, struct, '')]
  }
  const error = objectMetaError(object.metadata)
  if (error !== undefined) throw cannotBeHandled(request, object, error)
  if (schema !== undefined) return schema.prune(object)
  return coerceValidObjectMeta(object.metadata, 'metadata')
}

/** `transformDecodeError` of `k8s.io/apiserver/pkg/endpoints/handlers`; of what a patch made, `applyPatchToObject`. */
function cannotBeHandled(
  { verb, patchType, body }: ApiRequest,
  object: Unstructured,
  error: string,
  received: unknown = object,
): StatusError {
  if (verb === 'patch') {
    const isStrategic = patchType === 'application/strategic-merge-patch+json'
    const shown = isStrategic ? formatGoValue(body) : canonicalJson(received)
    return newInvalid({ group: '', kind: '' }, '', [fieldError.invalid('patch', shown, error)])
  }
  const { kind, apiVersion } = object
  const { version } = parseGroupVersion(apiVersion)
  return newBadRequest(`${kind} in version ${quote(version)} cannot be handled as a ${kind}: ${error}`)
}

/** `structuredMergeManager.Apply` of `k8s.io/apimachinery/pkg/util/managedfields`, of values that only Go's types refuse. */
function notConverted(object: Unstructured, error: string): StatusError {
  const { namespace = '', name = '' } = object.metadata
  const kind = formatGroupVersionKind(groupVersionKindOf(object))
  const message = `failed to convert new object (${namespace}/${name}; ${kind}) to proper version: unable to convert unstructured object to ${kind}: ${error}`
  return new StatusError({ code: 500, reason: '', message })
}

function reportStrictErrors(
  { request, warnings }: BodyRequest,
  duplicates: readonly string[],
  unknown: readonly string[],
  object: Unstructured,
  received: unknown,
): void {
  const texts = [
    ...duplicates.map((path) => `duplicate field ${quote(path)}`),
    ...unknown.map((path) => `unknown field ${quote(path)}`),
  ]
  switch (request.options.fieldValidation || 'Warn') {
    case 'Strict':
      throw cannotBeHandled(request, object, `strict decoding error: ${texts.join(', ')}`, received)
    case 'Warn':
      append(warnings, texts)
      return
    case 'Ignore':
      return
  }
}
