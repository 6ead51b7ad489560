/**
 * The metadata types of `k8s.io/apimachinery/pkg/apis/meta/v1`, as plain JSON.
 *
 * Times are RFC 3339 strings in UTC with seconds (`2026-01-31T12:00:00Z`), as `metav1.Time` writes them.
 */

export interface TypeMeta {
  apiVersion: string
  kind: string
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  manager?: string
  operation?: 'Apply' | 'Update'
  apiVersion?: string
  time?: string
  fieldsType?: 'FieldsV1'
  fieldsV1?: { [key: string]: unknown }
  subresource?: string
}

export interface ObjectMeta {
  name?: string
  generateName?: string
  namespace?: string
  uid?: string
  /** An opaque version of this object. Compare it for equality only. */
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: { [key: string]: string }
  annotations?: { [key: string]: string }
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
  selfLink?: string
}

/** Any object of the Kubernetes API. Kinds narrow it with `spec`, `status` or fields of their own. */
export interface KubernetesObject extends TypeMeta {
  metadata: ObjectMeta
}

/** An object whose shape is not known when the program is compiled. */
export interface Unstructured extends KubernetesObject {
  [field: string]: unknown
}

export interface ListMeta {
  resourceVersion?: string
  continue?: string
  remainingItemCount?: number
}

export interface KubernetesList<T extends KubernetesObject = Unstructured> extends TypeMeta {
  metadata: ListMeta
  items: T[]
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  observedGeneration?: number
  lastTransitionTime: string
  reason: string
  message: string
}

export interface LabelSelectorRequirement {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  values?: string[]
}

export interface LabelSelector {
  matchLabels?: { [key: string]: string }
  matchExpressions?: LabelSelectorRequirement[]
}

export type DeletionPropagation = 'Orphan' | 'Background' | 'Foreground'

export interface Preconditions {
  uid?: string
  resourceVersion?: string
}

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** `metav1.Status`: the body of every answer that is not an object, above all of errors. */
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: ListMeta
  status: 'Success' | 'Failure'
  message?: string
  reason?: StatusReason
  details?: StatusDetails
  code?: number
}

/** Every reason of `metav1.StatusReason`; the empty one is `Unknown`. */
export type StatusReason =
  | ''
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'StoreReadError'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable'

/** One event of a watch. A BOOKMARK's object carries only kind, apiVersion and metadata.resourceVersion. */
export type WatchEvent<T extends KubernetesObject = Unstructured> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: T }
  | { type: 'ERROR'; object: Status }
