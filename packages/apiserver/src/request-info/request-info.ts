import { newBadRequest } from '@k1s/apimachinery'
import type { Verb } from '@k1s/core'

/** What method and path ask for: `RequestInfo` of `k8s.io/apiserver/pkg/endpoints/request`. */
export interface RequestInfo extends ResourcePath {
  readonly verb: Verb
}

/** What a path is about, whatever the method. */
export interface ResourcePath {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

type Writable<T> = { -readonly [key in keyof T]: T[key] }

const verbOfMethod: { readonly [method: string]: Verb } = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Subresources of a namespace itself; anything else below it is a resource in it. */
const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize'])

/**
 * Undefined if the path is none of a resource, or the method none that resources have. BadRequest if a segment is not
 * percent-encoded UTF-8.
 */
export function requestInfoOf(method: string, path: string, query: URLSearchParams): RequestInfo | undefined {
  const verb = verbOfMethod[method]
  const parsed = verb === undefined ? undefined : parsePath(path)
  if (verb === undefined || parsed === undefined || (parsed.isWatch && verb !== 'get')) return undefined
  const { isWatch, resourcePath } = parsed
  return Object.assign(resourcePath, {
    verb: isWatch ? 'watch' : resourcePath.name === undefined ? collectionVerb(verb, query) : verb,
  })
}

/** Undefined if the path is none of a resource. BadRequest as of {@link requestInfoOf}. */
export function resourcePathOf(path: string): ResourcePath | undefined {
  return parsePath(path)?.resourcePath
}

/** Reads `/api/{version}/…` and `/apis/{group}/{version}/…`, where `watch/` may follow. */
function parsePath(path: string): { isWatch: boolean; resourcePath: ResourcePath } | undefined {
  const parts = segmentsOf(path)
  if (parts === undefined) return undefined
  const group = parts[0] === 'api' ? '' : parts[1]!
  const version = parts[0] === 'api' ? parts[1]! : parts[2]!
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3)
  const isWatch = rest[0] === 'watch' && rest.length > 1
  if (isWatch) rest.shift()

  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !namespaceSubresources.has(rest[2]!)
  const [resource = '', name, subresource, ...more] = inNamespace ? rest.slice(2) : rest
  if (resource === '' || more.length > 0) return undefined
  const resourcePath: Writable<ResourcePath> = { group, version, resource }
  if (inNamespace) resourcePath.namespace = rest[1]!
  if (name !== undefined) resourcePath.name = name
  if (subresource !== undefined) resourcePath.subresource = subresource
  return { isWatch, resourcePath }
}

/** The segments of a resource's path, decoded. A slash at the end does not count, as in Kubernetes. */
function segmentsOf(path: string): string[] | undefined {
  const parts = (path.endsWith('/') ? path.slice(1, -1) : path.slice(1)).split('/')
  const minimum = parts[0] === 'api' ? 3 : parts[0] === 'apis' ? 4 : Number.POSITIVE_INFINITY
  if (parts.length < minimum) return undefined
  return path.includes('%') ? parts.map(decodeSegment) : parts
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw newBadRequest(`invalid URL escape in the path segment ${JSON.stringify(segment.slice(0, 300))}`)
  }
}

function collectionVerb(verb: Verb, query: URLSearchParams): Verb {
  if (verb === 'get') return isTrue(query.get('watch')) ? 'watch' : 'list'
  return verb === 'delete' ? 'deletecollection' : verb
}

/** A boolean of a query: anything but `false` and `0`, `Convert_Slice_string_To_bool` of `k8s.io/apimachinery`. */
export function isTrue(value: string | null): boolean {
  if (value === null) return false
  const text = value.toLowerCase()
  return text !== 'false' && text !== '0'
}
