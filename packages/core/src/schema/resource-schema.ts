import type { FieldError, Unstructured } from '@k1s/apimachinery'
import type { JSONSchemaProps } from './json-schema-props.ts'

/**
 * The compiled structural schema of one version of a resource: what the registry store asks of it, in the
 * order of `k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go`.
 *
 * Paths are of the form `spec.items[0].name`.
 */
export interface ResourceSchema {
  /** What it was compiled from. */
  readonly props: JSONSchemaProps

  /**
   * Removes fields that the schema does not know, in place, and returns their paths in order (for `unknown field
   * "spec.foo"`). Metadata, apiVersion and kind are never pruned at the root. Metadata must be well formed.
   */
  prune(object: Unstructured): string[]

  /** Fills in defaults, in place, also for nulls of fields that are not nullable and have a default. */
  applyDefaults(object: Unstructured): void

  /** Has to have ended before `validate` if it answers a promise: loads what evaluates `x-kubernetes-validations`. */
  loadRules(): Promise<void> | undefined

  /**
   * All violations, with the texts of Kubernetes (`spec.quantity in body should be …`). With `old`, values that are
   * as they were are not held against an update.
   */
  validate(object: Unstructured, old?: Unstructured, context?: ValidationContext): FieldError[]
}

/** What validation has to do with the request around it. */
export interface ValidationContext {
  /** What is already known to be wrong: rules are not evaluated on an object that is not of the schema's shape. */
  readonly errors?: readonly FieldError[]
  /** Takes broken rules that are only warned of, since an update left the value as it was. */
  readonly warn?: (text: string) => void
}
