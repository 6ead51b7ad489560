import { newBadRequest, newUnsupportedMediaType } from '@k1s/apimachinery'
import type { ApiRequest, PatchType, RequestOptions, Transport } from '@k1s/core'
import {
  BodySyntaxError,
  contentTypeOf,
  type DecodedBody,
  decodeJsonBody,
  decodeObject,
  decodeYamlBody,
  protobufType,
  unrecognizedObject,
} from '../body/decode-request-body.ts'
import { deleteOptionsOf } from '../body/delete-options.ts'
import { readBody } from '../body/read-body.ts'
import type { Exchange } from '../exchange.ts'
import type { WatchMetrics } from '../metrics/watch-metrics.ts'
import { type MediaType, negotiate, type Representation } from '../negotiation/negotiate.ts'
import { protobufKindOf } from '../protobuf/protobuf-resources.ts'
import type { RequestInfo } from '../request-info/request-info.ts'
import { includeObjectOf, requestOptionsOf } from '../request-info/request-options.ts'
import { writeObject } from '../responses/write-object.ts'
import { serveWatch, type WatchLimits } from '../watch/serve-watch.ts'
import { methodNotAllowed } from './method.ts'
import { servedResource } from './served-resource.ts'

export interface ResourceEndpoint {
  readonly transport: Transport
  readonly limits: WatchLimits & { readonly bodyBytes: number }
  readonly watches: WatchMetrics
  readonly onError: (error: unknown) => void
}

type Writable<T> = { -readonly [key in keyof T]: T[key] }

const customObjectTypes: readonly MediaType[] = ['application/json', 'application/yaml']
const objectTypes: readonly MediaType[] = [...customObjectTypes, protobufType]
const customStreamTypes: readonly MediaType[] = ['application/json']
const streamTypes: readonly MediaType[] = [...customStreamTypes, protobufType]

/** Objects, lists and watches of resources: `k8s.io/apiserver/pkg/endpoints/handlers`, over a Transport. */
export async function serveResource(
  endpoint: ResourceEndpoint,
  exchange: Exchange,
  info: RequestInfo,
): Promise<void> {
  checkRoute(exchange, info)
  const stream = info.verb === 'watch'
  const hasProtobuf = protobufKindOf(info) !== undefined
  const representation = negotiate(exchange.request.headers.accept, stream ? streamTypes : objectTypes, {
    transforms: true,
    stream,
    ...(!hasProtobuf && { untransformed: stream ? customStreamTypes : customObjectTypes }),
  })
  const request = requestOf(exchange, info, representation)
  if (info.verb !== 'get' && info.verb !== 'list' && !stream) await addBody(endpoint, exchange, request)
  if (stream) {
    // A body that nobody reads would stand before the news that the client is gone.
    exchange.request.resume()
    return serveWatch(endpoint, exchange, representation, request)
  }
  await writeObject(exchange, representation, await endpoint.transport.request(request))
}

/**
 * A name is neither created by its path, nor is a collection updated: there is no route for it. HEAD is GET, but built-in
 * kinds have no route for it either.
 */
function checkRoute({ method }: Exchange, info: RequestInfo): void {
  const { verb, name, subresource } = info
  const isOfName = verb === 'create' && name !== undefined && subresource === undefined
  const isOfCollection = (verb === 'update' || verb === 'patch') && name === undefined
  const isHead = method === 'HEAD' && protobufKindOf(info) !== undefined
  if (isOfName || isOfCollection || isHead) throw methodNotAllowed()
}

function requestOf(exchange: Exchange, info: RequestInfo, { as }: Representation): Writable<ApiRequest> {
  const { tenant, user, request, query } = exchange
  let options: Writable<RequestOptions> = requestOptionsOf(info.verb, query)
  if (as !== undefined) options = { ...options, as, ...(as === 'Table' && includeObjectOf(query)) }
  const { verb, group, version, resource, subresource, namespace, name } = info
  // Authentication has let nobody through whom it does not know. Written out, since a spread costs much more.
  const apiRequest: Writable<ApiRequest> = { verb, tenant, user: user!, group, version, resource, options }
  if (subresource !== undefined) apiRequest.subresource = subresource
  if (namespace !== undefined) apiRequest.namespace = namespace
  if (name !== undefined) apiRequest.name = name
  const userAgent = request.headers['user-agent']
  if (userAgent !== undefined) apiRequest.userAgent = userAgent
  // Making one costs more than anything else here, and only a watch has to be told that nobody listens any more.
  if (verb === 'watch') apiRequest.signal = exchange.signal
  return apiRequest
}

async function addBody(
  endpoint: ResourceEndpoint,
  exchange: Exchange,
  request: Writable<ApiRequest>,
): Promise<void> {
  const contentType = contentTypeOf(exchange.request.headers['content-type'])
  if (request.verb === 'patch') request.patchType = patchTypeOf(contentType)
  const bytes = await readBody(exchange, endpoint.limits.bodyBytes)
  switch (request.verb) {
    case 'patch': {
      const { value, duplicateFields } = await decodePatch(bytes, request.patchType!)
      request.body = value
      if (duplicateFields.length > 0) request.duplicateFields = duplicateFields
      return
    }
    case 'delete':
    case 'deletecollection':
      if (bytes.length > 0) {
        request.options = { ...request.options, ...(await decodeDeleteOptions(bytes, contentType)) }
      }
      return
    default: {
      const { value, duplicateFields } = await decodeWritten(endpoint, request, bytes, contentType)
      request.body = value
      if (duplicateFields.length > 0) request.duplicateFields = duplicateFields
    }
  }
}

const patchTypes: ReadonlySet<string> = new Set<PatchType>([
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
])

function patchTypeOf(contentType: string): PatchType {
  if (patchTypes.has(contentType)) return contentType as PatchType
  throw newUnsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${[...patchTypes].join(', ')}`,
  )
}

/** `validateAndTranscodePatch` of `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`. */
async function decodePatch(bytes: Buffer, patchType: PatchType): Promise<DecodedBody> {
  const isApply = patchType === 'application/apply-patch+yaml'
  try {
    return await (isApply ? decodeYamlBody(bytes) : decodeJsonBody(bytes))
  } catch (error) {
    if (!(error instanceof BodySyntaxError)) throw error
    throw newBadRequest(
      isApply ? `error decoding YAML: ${error.message}` : `invalid JSON patch: ${error.message}`,
    )
  }
}

const deleteOptionsKind = { apiVersion: 'meta.k8s.io/v1', kind: 'DeleteOptions' }

async function decodeDeleteOptions(bytes: Buffer, contentType: string): Promise<RequestOptions> {
  try {
    return deleteOptionsOf((await decodeObject(bytes, contentType, deleteOptionsKind)).value)
  } catch (error) {
    if (!(error instanceof BodySyntaxError)) throw error
    throw newBadRequest(`couldn't get version/kind; json parse error: ${error.message}`)
  }
}

/** What is not served is NotFound, which counts before what is wrong with a body. */
async function decodeWritten(
  { transport }: ResourceEndpoint,
  request: ApiRequest,
  bytes: Buffer,
  contentType: string,
): Promise<DecodedBody> {
  try {
    return await decodeObject(bytes, contentType, protobufKindOf(request))
  } catch (error) {
    const { kind } = await servedResource(transport, request.tenant, request)
    throw error instanceof BodySyntaxError ? unrecognizedObject(kind, error.message, bytes) : error
  }
}
