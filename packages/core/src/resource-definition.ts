import type { FieldError, Unstructured } from '@k1s/apimachinery'
import type { ResourceSchema } from './schema/resource-schema.ts'
import type { TableColumnDefinition } from './table/table.ts'

export type ResourceScope = 'Namespaced' | 'Cluster'

/**
 * The unit that describes a resource, wherever it comes from: built in, registered by an application, or a
 * stored CustomResourceDefinition.
 */
export interface ResourceDefinition {
  readonly group: string
  readonly kind: string
  readonly listKind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly scope: ResourceScope
  /** In order of preference; the first served one is the default. */
  readonly versions: readonly ResourceVersionDefinition[]
  /** The version in which objects are stored. */
  readonly storageVersion: string
  readonly strategy: ResourceStrategy
  readonly origin: 'builtin' | 'registered' | 'custom'
}

export interface ResourceVersionDefinition {
  readonly name: string
  readonly served: boolean
  /** Sent as a warning with every request to this version. */
  readonly deprecationWarning?: string
  readonly statusSubresource: boolean
  readonly scaleSubresource?: ScaleSubresource
  readonly printerColumns: readonly PrinterColumn[]
  /** JSON paths such as `.spec.color`, usable in field selectors as `spec.color`. */
  readonly selectableFields: readonly string[]
  /** Compiled on first use. Undefined for a kind that is validated by its strategy alone. */
  readonly schema?: () => Promise<ResourceSchema>
}

export interface ScaleSubresource {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

/** A column of `kubectl get`: a JSON path, or for built-in kinds a function of the object. */
export type PrinterColumn = TableColumnDefinition & {
  readonly value: string | ((object: Unstructured) => unknown)
}

/** What is particular to a kind, as the strategies of `k8s.io/kubernetes/pkg/registry`. All parts are optional. */
export interface ResourceStrategy {
  /** `subdomain` (the default), `label`, or `pathSegment` (RBAC). */
  readonly nameRule?: 'subdomain' | 'label' | 'pathSegment'
  /** Whether an update without resourceVersion overwrites. Custom resources do not allow it. */
  readonly allowUnconditionalUpdate?: boolean
  /** Whether an update may create, as for Leases. */
  readonly allowCreateOnUpdate?: boolean
  /** Sets what a client may not, in place, after defaulting and before validation. */
  readonly prepareForCreate?: (object: Unstructured) => void
  readonly prepareForUpdate?: (object: Unstructured, old: Unstructured) => void
  readonly validate?: (object: Unstructured) => FieldError[]
  readonly validateUpdate?: (object: Unstructured, old: Unstructured) => FieldError[]
  readonly warnings?: (object: Unstructured, old?: Unstructured) => string[]
  /** Seconds after which an object expires by itself. */
  readonly ttl?: (object: Unstructured) => number | undefined
  /** Converts between served versions in place of changing apiVersion alone. */
  readonly convert?: (object: Unstructured, toVersion: string) => Unstructured
  /** Fields beside metadata.name and metadata.namespace that field selectors may use, with their values. */
  readonly selectableFields?: (object: Unstructured) => { readonly [field: string]: string }
}
