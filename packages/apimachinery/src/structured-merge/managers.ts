import type { JsonObject } from '../json-value.ts'
import type { FieldSet } from './field-set.ts'
import type { MergeType } from './merge-type.ts'

/** What a manager owns, in the version in which it wrote. */
export interface VersionedSet {
  readonly fields: FieldSet
  readonly apiVersion: string
  /** True for a manager that applies, false for one that updates. */
  readonly applied: boolean
}

/** Managers by their identifiers. */
export type Managers = Map<string, VersionedSet>

/** What is known of the versions of an object. */
export interface MergeContext {
  /** The version of the request. */
  readonly apiVersion: string
  /** Undefined for a version that does not exist any more. */
  typeOf(apiVersion: string): MergeType | undefined
  convert(object: JsonObject, toApiVersion: string): JsonObject
  /** The fields that a request of this kind resets, so that it can neither own nor take them. */
  resetFields?(apiVersion: string): FieldSet | undefined
}
