import type { Unstructured } from '@k1s/apimachinery'
import type { StorageKey, StorageTransaction } from '@k1s/storage'
import type { RequestOptions, UserInfo } from '../request.ts'
import type { ResourceDefinition } from '../resource-definition.ts'
import type { Reinvocation } from './reinvocation.ts'

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE'

/** What is to be admitted: `admission.Attributes` of `k8s.io/apiserver/pkg/admission`. */
export interface AdmissionAttributes {
  readonly operation: AdmissionOperation
  readonly tenant: string
  readonly user: UserInfo
  readonly group: string
  /** The version of the request, in which `object` and `oldObject` are. */
  readonly version: string
  /** The kind of `object`: that of the resource, or `Scale` for the scale subresource. */
  readonly kind: string
  readonly kindApiVersion: string
  /** The plural name. */
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  /** Empty for a create whose name is to be generated. */
  readonly name: string
  /** Undefined for a deletion. Mutating plugins change it in place. */
  readonly object?: Unstructured
  /** Undefined for a create. Must not be changed. */
  readonly oldObject?: Unstructured
  readonly options: RequestOptions
  readonly dryRun: boolean
  readonly definition: ResourceDefinition
  /** Adds to the warnings of the answer. */
  warn(text: string): void
  /** Adds to the audit event of the request. */
  annotate(key: string, value: string): void
}

/**
 * A step of admission. `mutate` runs on what was decoded and defaulted, before the strategy of the kind; `validate`
 * on what is about to be stored. A refusal is a thrown StatusError. All `mutate` are called
 * a second time if one asked for it.
 */
export interface AdmissionPlugin {
  readonly name: string
  mutate?(attributes: AdmissionAttributes, reinvocation: Reinvocation): void | Promise<void>
  validate?(attributes: AdmissionAttributes): void | Promise<void>
}

/** Looks in the transaction of a creation whether there is still nothing to ask. */
export type StillPasses = (transaction: StorageTransaction, key: StorageKey) => void

/** All steps together, as the registry store calls them. Nothing is returned where no step has anything to do. */
export interface Admission {
  mutate(attributes: AdmissionAttributes): void | Promise<void>
  validate(attributes: AdmissionAttributes): void | Promise<void>
  /**
   * What must still hold in the transaction of a creation that nothing is asked about, because no step had anything to
   * do when it was last asked: it throws `newRequirementFailed` otherwise. Undefined if there is something to ask.
   */
  passes?(tenant: string): StillPasses | undefined
}
