import { exactJson } from '@k1s/apimachinery'
import type { ApiRequest, RequestOptions, Verb } from '../request.ts'

/** What an ApiRequest is over HTTP. */
export interface RequestLine {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With the query, without what the server's URL has in front: `/api/v1/namespaces/default/configmaps?limit=5`. */
  readonly path: string
  readonly accept: string
  readonly contentType?: string
  readonly body?: string
}

/** `Request.URL` of `k8s.io/client-go/rest`, and the codecs of its requests. */
export function requestLine(request: ApiRequest): RequestLine {
  const { verb, options } = request
  const query = queryOf(request).toString()
  const path = pathOf(request) + (query === '' ? '' : `?${query}`)
  const line = { method: methods[verb], path, accept: acceptOf(verb, options) }
  if (line.method === 'GET') return line
  const contentType = (verb === 'patch' && request.patchType) || 'application/json'
  return { ...line, contentType, body: bodyOf(request) }
}

const methods: { readonly [verb in Verb]: RequestLine['method'] } = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
}

function pathOf(request: ApiRequest): string {
  const { group, version, namespace, resource, name, subresource, verb } = request
  const segments = group === '' ? ['api', version] : ['apis', group, version]
  if (namespace !== undefined) segments.push('namespaces', namespace)
  segments.push(resource)
  const isNamed = ['get', 'update', 'patch', 'delete'].includes(verb) || subresource !== undefined
  if (name !== undefined && isNamed) segments.push(name)
  if (subresource !== undefined) segments.push(...subresource.split('/'))
  return `/${segments.map(encodeSegment).join('/')}`
}

/** Half a character, of which there is no UTF-8, becomes U+FFFD as in Go. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(Buffer.from(segment).toString())
}

function queryOf({ verb, options }: ApiRequest): URLSearchParams {
  const query = new URLSearchParams()
  const set = (parameter: string, value: string | number | boolean | undefined) => {
    if (value !== undefined) query.set(parameter, String(value))
  }
  if (verb === 'watch') set('watch', true)
  set('resourceVersion', options.resourceVersion)
  set('resourceVersionMatch', options.resourceVersionMatch)
  set('labelSelector', options.labelSelector)
  set('fieldSelector', options.fieldSelector)
  set('limit', options.limit)
  set('continue', options.continue)
  set('timeoutSeconds', options.timeoutSeconds)
  set('allowWatchBookmarks', options.allowWatchBookmarks)
  set('sendInitialEvents', options.sendInitialEvents)
  set('includeObject', options.includeObject)
  if (verb === 'delete' || verb === 'deletecollection') return query
  for (const dryRun of options.dryRun ?? []) query.append('dryRun', dryRun)
  set('fieldManager', options.fieldManager)
  set('fieldValidation', options.fieldValidation)
  set('force', options.force)
  return query
}

function bodyOf({ verb, options, body }: ApiRequest): string {
  const isDeletion = verb === 'delete' || verb === 'deletecollection'
  const content = isDeletion ? deleteOptions(options) : body
  return content === undefined ? '' : exactJson(content)
}

function deleteOptions({ dryRun, propagationPolicy, gracePeriodSeconds, preconditions }: RequestOptions) {
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(preconditions !== undefined && { preconditions }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(dryRun !== undefined && dryRun.length > 0 && { dryRun }),
  }
}

/** In the order of preference of kubectl and of `k8s.io/client-go/metadata`; a server that has no Tables sends objects. */
function acceptOf(verb: Verb, { as }: RequestOptions): string {
  if (as === undefined) return 'application/json'
  const isList = as === 'PartialObjectMetadata' && (verb === 'list' || verb === 'deletecollection')
  const kind = isList ? 'PartialObjectMetadataList' : as
  return ['v1', 'v1beta1']
    .map((version) => `application/json;as=${kind};v=${version};g=meta.k8s.io,`)
    .join('')
    .concat('application/json')
}
