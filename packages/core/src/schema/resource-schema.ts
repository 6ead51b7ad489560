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

  /** All violations, with the texts of Kubernetes (`spec.quantity in body should be …`). `old` is for ratcheting later. */
  validate(object: Unstructured, old?: Unstructured): FieldError[]

  /** True if the schema has `x-kubernetes-validations`, which are not enforced yet. */
  readonly hasValidationRules: boolean
}
