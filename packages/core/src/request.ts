import type { KubernetesList, KubernetesObject, Status, Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { Changes } from './changes.ts'
import type { PartialObjectMetadataList } from './table/partial-object-metadata.ts'
import type { IncludeObjectPolicy, Table } from './table/table.ts'

/** Who makes a request, as `user.Info` of `k8s.io/apiserver`. */
export interface UserInfo {
  name: string
  uid?: string
  groups?: readonly string[]
  extra?: { readonly [key: string]: readonly string[] }
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml'

/** A request to the API, from any door: `RequestInfo` of `k8s.io/apiserver/pkg/endpoints/request` with its body. */
export interface ApiRequest {
  readonly verb: Verb
  readonly tenant: string
  readonly user: UserInfo
  /** The program that asks, as of HTTP's User-Agent: what comes before the first slash names its field manager. */
  readonly userAgent?: string
  readonly group: string
  readonly version: string
  /** The plural resource name, such as `configmaps`. */
  readonly resource: string
  /** `status`, `scale`, … */
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  readonly options: RequestOptions
  /** The object of a create or update, or the patch of a patch. */
  readonly body?: unknown
  /** Paths of fields that the text of the body had twice, as `spec.a`: reported as fieldValidation says. */
  readonly duplicateFields?: readonly string[]
  readonly patchType?: PatchType
  readonly signal?: AbortSignal
  /** Whoever asks for a watch only reads its objects, which may then be those of other watches, decoded once for all. */
  readonly sharesObjects?: boolean
  /** Over HTTP, whether a watch goes on when the server or the network has ended it. Default: the transport's choice. */
  readonly resumes?: boolean
  /** A watch that is answered at once, with what became of objects since options.resourceVersion in place of events. */
  readonly collapsesEvents?: boolean
  /** Takes what admission has to say for the audit event of the request. */
  readonly annotate?: (key: string, value: string) => void
}

/** The query parameters of all verbs: Get-, List-, Create-, Update-, Patch- and DeleteOptions of metav1. */
export interface RequestOptions {
  // get, list, watch
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  readonly timeoutSeconds?: number
  readonly allowWatchBookmarks?: boolean
  readonly sendInitialEvents?: boolean
  /** For `changes`: all events, in place of one change for each object. */
  readonly everyEvent?: boolean
  /** Answer with a Table, or with the metadata of objects, in place of objects. */
  readonly as?: 'Table' | 'PartialObjectMetadata'
  /** What the rows of a Table have of their objects. Default: `Metadata`. */
  readonly includeObject?: IncludeObjectPolicy
  // create, update, patch
  readonly dryRun?: readonly string[]
  readonly fieldManager?: string
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  readonly force?: boolean
  // delete, deletecollection
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly gracePeriodSeconds?: number
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

/** The answer to an ApiRequest. Failures are thrown as StatusErrors instead. */
export interface ApiResponse {
  /** The HTTP status: 200, 201 for a created object, 202 for a deletion that goes on. */
  readonly code: number
  readonly body: KubernetesObject | KubernetesList | PartialObjectMetadataList | Table | Status
  /** Texts of `Warning` headers. */
  readonly warnings?: readonly string[]
}

/** Carries requests to an answer: in process, the chain itself; over HTTP, a Kubernetes API server. */
export interface Transport {
  request(request: ApiRequest): Promise<ApiResponse>
  /**
   * Failures before the first event are thrown by the iterator's first `next`. `onWarning` is called with each warning
   * of the answer, before the first event, and `onOpen` then: what fails later is told by an ERROR event.
   */
  watch(
    request: ApiRequest,
    onWarning?: (text: string) => void,
    onOpen?: () => void,
  ): AsyncIterable<WatchEvent<Unstructured>>
  /**
   * What became of objects since options.resourceVersion: a watch whose events are put together, and which ends with what
   * there is. Expired if that is no longer known.
   */
  changes?(request: ApiRequest, onWarning?: (text: string) => void): Promise<Changes>
  /** What can be asked for: every served resource of every version, cheap to call. */
  discover(
    tenant: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly DiscoveredResource[]>
  /**
   * What `discover` last answered, for who asks anew only if that does not have what is looked for. Undefined before the
   * first answer. Without this, asking costs nothing.
   */
  discovered?(tenant: string): readonly DiscoveredResource[] | undefined
  /**
   * What the API says about itself, by the path under which an API server answers: discovery documents (`/api`,
   * `/apis`, `/apis/{group}`, `/api/v1`, `/apis/{group}/{version}`) and OpenAPI (`/openapi/v2`, `/openapi/v3`,
   * `/openapi/v3/apis/{group}/{version}`). NotFound for any other path.
   */
  describe?(tenant: string, path: string, options?: DescribeOptions): Promise<object>
  /**
   * A text that is another one once `discover` or `describe` may answer something else, for who keeps answers. It costs
   * a point read.
   */
  discoveryVersion?(tenant: string): Promise<string>
  /** How many requests to a server ended how so far, for metrics: each attempt counts. Absent without a server. */
  requestResults?(): readonly RequestResult[]
}

/** How many requests had the same result: `RequestResult` of `k8s.io/client-go/tools/metrics`. */
export interface RequestResult {
  /** Of the answer: `200`. `<error>` if there was none. */
  readonly code: string
  /** Of HTTP: `GET`. */
  readonly method: string
  /** The server, as in its URL: `127.0.0.1:6443`. */
  readonly host: string
  readonly count: number
}

export interface DescribeOptions {
  /** Answer `/api` and `/apis` with an APIGroupDiscoveryList of `apidiscovery.k8s.io/v2`. */
  readonly aggregated?: boolean
  readonly signal?: AbortSignal
}

/** One resource of the discovery index: `metav1.APIResource` with the group's preferences. */
export interface DiscoveredResource {
  readonly group: string
  readonly kind: string
  /** The plural name. */
  readonly name: string
  readonly singularName: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  /** Served versions, in order of preference. */
  readonly versions: readonly string[]
  /** Subresources per version: `status`, `scale`. */
  readonly subresources: { readonly [version: string]: readonly string[] }
}
