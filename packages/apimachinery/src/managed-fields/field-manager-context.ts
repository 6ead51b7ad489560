import type { Unstructured } from '../meta.ts'
import type { FieldSet } from '../structured-merge/field-set.ts'
import type { MergeContext } from '../structured-merge/managers.ts'
import type { MergeType } from '../structured-merge/merge-type.ts'

/** What the field manager has to know about a request and the versions of its kind. */
export interface FieldManagerContext extends MergeContext {
  /** The version of the request, such as `apps/v1`. */
  readonly apiVersion: string
  /** `status`, `scale`, … Undefined for the resource itself. */
  readonly subresource?: string
  /** The type of a version, the same object each time. Undefined: that version does not exist any more. */
  typeOf(apiVersion: string): MergeType | undefined
  convert(object: Unstructured, toApiVersion: string): Unstructured
  /** The fields that this (sub)resource resets in that version: `status` in the resource itself, and vice versa. */
  resetFields?(apiVersion: string): FieldSet | undefined
  /**
   * An object of the kind before anything is set. Kubernetes' own kinds are Go structs and have some fields then; what
   * is in them is set by whoever creates the object, but the fields themselves are not. Without it: apiVersion and kind.
   */
  emptyObject?(apiVersion: string): Unstructured
  /** The time to record, RFC 3339 in UTC with seconds. */
  readonly now: string
}
