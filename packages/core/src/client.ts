import type {
  KubernetesList,
  KubernetesObject,
  Preconditions,
  Unstructured,
  WatchEvent,
} from '@k1s/apimachinery'
import type { Changes, ChangesOptions } from './changes.ts'
import type { PatchType } from './request.ts'
import type { PartialObjectMetadata, PartialObjectMetadataList } from './table/partial-object-metadata.ts'
import type { IncludeObjectPolicy, Table } from './table/table.ts'

/** Names a kind and where its objects are found. */
export interface ResourceKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** The resource name. */
  readonly plural: string
  readonly namespaced: boolean
}

/**
 * Names a kind and carries its TypeScript type: what is passed where Go passes a pointer to an object.
 * Made by `defineKind`, or a literal for a kind that is known only at run time.
 */
export interface Kind<T extends KubernetesObject = Unstructured> extends ResourceKind {
  /** Never set; holds the type. */
  readonly __type?: T
}

export interface ObjectKey {
  readonly name: string
  /** Defaults to the client's namespace for namespaced kinds. */
  readonly namespace?: string
}

/** What every call accepts. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** Called with each warning that the server sends. */
  readonly onWarning?: (text: string) => void
}

export interface GetOptions extends CallOptions {
  readonly resourceVersion?: string
}

export interface ListOptions extends CallOptions {
  /** Undefined lists all namespaces. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
}

export interface TableOptions extends ListOptions {
  /** What rows have of their objects. Default: `Metadata`. */
  readonly includeObject?: IncludeObjectPolicy
}

export interface WatchOptions extends CallOptions {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly resourceVersion?: string
  readonly allowWatchBookmarks?: boolean
  /** Set, it is sent with `resourceVersionMatch: NotOlderThan`, without which servers refuse it. */
  readonly sendInitialEvents?: boolean
  readonly timeoutSeconds?: number
  /**
   * The objects are only read: in process they may then be those of other watches too, decoded once for all. Default: false.
   */
  readonly sharesObjects?: boolean
  /** Over HTTP, whether it goes on by itself when the server or the network has ended it. Default: as connected. */
  readonly resumes?: boolean
}

/** What calls that write accept as well. */
export interface WriteCallOptions extends CallOptions {
  /**
   * Called with each annotation that admission makes for the audit event, `name/key`, while the request is under way;
   * also of requests that fail. Over HTTP, the server keeps them to itself.
   */
  readonly onAuditAnnotation?: (key: string, value: string) => void
}

export interface WriteOptions extends WriteCallOptions {
  /** Everything but storing it. */
  readonly dryRun?: boolean
  readonly fieldManager?: string
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
}

export interface DeleteOptions extends WriteCallOptions {
  readonly dryRun?: boolean
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly gracePeriodSeconds?: number
  readonly preconditions?: Preconditions
}

export interface DeleteCollectionOptions extends DeleteOptions {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/** A patch with its type. Made by `jsonPatch`, `mergePatch`, `strategicMergePatch`. */
export interface Patch {
  readonly type: PatchType
  readonly body: unknown
}

/** An object, or enough to find one. */
export type ObjectReference = KubernetesObject

/**
 * The typed door to the API. The same over the embedded store and over HTTP; errors are StatusErrors.
 *
 * Objects name their kind by apiVersion and kind; the resource behind it is looked up in discovery.
 */
export interface Client {
  get<T extends KubernetesObject>(kind: Kind<T>, key: ObjectKey, options?: GetOptions): Promise<T>
  list<T extends KubernetesObject>(kind: Kind<T>, options?: ListOptions): Promise<KubernetesList<T>>
  watch<T extends KubernetesObject>(kind: Kind<T>, options?: WatchOptions): AsyncIterable<WatchEvent<T>>
  /**
   * What became of the objects of a kind since a resourceVersion, one change for each object, for who was not there to
   * watch. From the store it costs what was written since. An API server is asked for two lists, the older one with
   * `resourceVersionMatch: Exact`: what was deleted comes first then, and is as it was at that version.
   *
   * Expired (`isResourceExpired`) if it is no longer known what there was: list again, and go on from that.
   */
  changes<T extends KubernetesObject>(kind: Kind<T>, options: ChangesOptions): Promise<Changes<T>>
  create<T extends KubernetesObject>(object: T, options?: WriteOptions): Promise<T>
  update<T extends KubernetesObject>(object: T, options?: WriteOptions): Promise<T>
  patch<T extends KubernetesObject>(
    object: T,
    patch: Patch,
    options?: WriteOptions & { force?: boolean },
  ): Promise<T>
  /** Server-side apply. */
  apply<T extends KubernetesObject>(
    object: T,
    options: WriteOptions & { fieldManager: string; force?: boolean },
  ): Promise<T>
  /**
   * Returns the object if it is held by finalizers (metadata.deletionTimestamp is set), undefined once it is gone.
   */
  delete(object: ObjectReference, options?: DeleteOptions): Promise<Unstructured | undefined>
  delete<T extends KubernetesObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<T | undefined>
  deleteCollection<T extends KubernetesObject>(
    kind: Kind<T>,
    options?: DeleteCollectionOptions,
  ): Promise<KubernetesList<T>>
  /** Lists as the server prints it. */
  table(kind: ResourceKind, options?: TableOptions): Promise<Table>
  /** Objects without their content, for those that only look at metadata: a fraction of the bytes over HTTP. */
  readonly metadata: MetadataClient
  /** The `status` subresource. */
  readonly status: SubresourceClient
  /** Any subresource, such as `scale`. */
  subresource(name: string): SubresourceClient
}

/** `k8s.io/client-go/metadata`. */
export interface MetadataClient {
  get(kind: ResourceKind, key: ObjectKey, options?: GetOptions): Promise<PartialObjectMetadata>
  list(kind: ResourceKind, options?: ListOptions): Promise<PartialObjectMetadataList>
  watch(kind: ResourceKind, options?: WatchOptions): AsyncIterable<WatchEvent<PartialObjectMetadata>>
}

export interface SubresourceClient {
  get<T extends KubernetesObject = Unstructured>(
    kind: ResourceKind,
    key: ObjectKey,
    options?: GetOptions,
  ): Promise<T>
  /** `parent` is needed when the body is of another kind than the resource, as for `scale`. */
  update<T extends KubernetesObject>(
    object: T,
    options?: WriteOptions & { parent?: ResourceKind },
  ): Promise<T>
  patch<T extends KubernetesObject>(
    object: T,
    patch: Patch,
    options?: WriteOptions & { parent?: ResourceKind; force?: boolean },
  ): Promise<T>
  /** Server-side apply. */
  apply<T extends KubernetesObject>(
    object: T,
    options: WriteOptions & { parent?: ResourceKind; fieldManager: string; force?: boolean },
  ): Promise<T>
}
