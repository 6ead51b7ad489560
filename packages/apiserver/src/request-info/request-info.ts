import { newBadRequest } from '@k1s/apimachinery'
import type { Verb } from '@k1s/core'

/** What method and path ask for: `RequestInfo` of `k8s.io/apiserver/pkg/endpoints/request`. */
export interface RequestInfo {
  readonly verb: Verb
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
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Subresources of a namespace itself; anything else below it is a resource in it. */
const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize'])

/**
 * Reads `/api/{version}/…` and `/apis/{group}/{version}/…`. Undefined if the path is none of a resource, or the method
 * none that resources have. BadRequest if a segment is not percent-encoded UTF-8.
 */
export function requestInfoOf(method: string, path: string, query: URLSearchParams): RequestInfo | undefined {
  const parts = segmentsOf(path)
  if (parts === undefined) return undefined
  const group = parts[0] === 'api' ? '' : parts[1]!
  const version = parts[0] === 'api' ? parts[1]! : parts[2]!
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3)
  const isWatchPath = rest[0] === 'watch' && rest.length > 1
  if (isWatchPath) rest.shift()

  const verb = verbOfMethod[method]
  if (verb === undefined || (isWatchPath && verb !== 'get')) return undefined
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !namespaceSubresources.has(rest[2]!)
  const [resource = '', name, subresource, ...more] = inNamespace ? rest.slice(2) : rest
  if (resource === '' || more.length > 0) return undefined
  const info: Writable<RequestInfo> = {
    verb: isWatchPath ? 'watch' : name === undefined ? collectionVerb(verb, query) : verb,
    group,
    version,
    resource,
  }
  if (inNamespace) info.namespace = rest[1]!
  if (name !== undefined) info.name = name
  if (subresource !== undefined) info.subresource = subresource
  return info
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
