import type { JsonPatchOperation, StatusReason, Unstructured } from '@k1s/apimachinery'
import type { AdmissionOperation } from './admission.ts'

/** Names a kind of one version. */
export interface GroupVersionKindName {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** Names a resource of one version by its plural. */
export interface GroupVersionResourceName {
  readonly group: string
  readonly version: string
  readonly resource: string
}

/**
 * What a function is asked to admit: `AdmissionRequest` of `admission.k8s.io/v1`, which admission webhooks receive.
 * Objects are copies.
 */
export interface AdmissionRequest<T extends Unstructured = Unstructured> {
  /** Of this one call. */
  readonly uid: string
  /** The kind of `object` and `oldObject`: that of the rule that matched. */
  readonly kind: GroupVersionKindName
  readonly resource: GroupVersionResourceName
  readonly subResource?: string
  /** What the client asked for. It differs from `kind` where a rule named another version. */
  readonly requestKind: GroupVersionKindName
  readonly requestResource: GroupVersionResourceName
  readonly requestSubResource?: string
  /** Empty for a create whose name is to be generated, and in `mutating` only. */
  readonly name: string
  /** That of the namespace itself for requests for namespaces. */
  readonly namespace?: string
  readonly operation: AdmissionOperation
  readonly userInfo: AdmissionUserInfo
  /** Undefined for a deletion. */
  readonly object?: T
  /** Undefined for a create. */
  readonly oldObject?: T
  readonly dryRun: boolean
  /** CreateOptions, UpdateOptions or DeleteOptions of `meta.k8s.io/v1`. */
  readonly options: AdmissionOptions
}

/** `UserInfo` of `authentication.k8s.io/v1`. */
export interface AdmissionUserInfo {
  readonly username: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: { readonly [key: string]: readonly string[] }
}

export interface AdmissionOptions {
  readonly kind: 'CreateOptions' | 'UpdateOptions' | 'DeleteOptions'
  readonly apiVersion: 'meta.k8s.io/v1'
  readonly [option: string]: unknown
}

/** The answer of a validating function: `AdmissionResponse` of `admission.k8s.io/v1`. */
export interface ValidatingResponse {
  readonly allowed: boolean
  /** Why it is denied. Default: code 400 and no reason. */
  readonly status?: { readonly message?: string; readonly reason?: StatusReason; readonly code?: number }
  /** Sent to the client as warnings. */
  readonly warnings?: readonly string[]
  /** For the audit event; the name of the function is put before each key. */
  readonly auditAnnotations?: { readonly [key: string]: string }
}

/** The answer of a mutating function, which changes the object by a patch or by handing over another one. */
export interface MutatingResponse extends ValidatingResponse {
  readonly patch?: readonly JsonPatchOperation[]
  readonly object?: Unstructured
}
