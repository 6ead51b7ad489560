import type { FieldError, NameRule, Unstructured } from '@k1s/apimachinery'
import type { Verb } from './request.ts'
import type { GoStruct } from './schema/go-type.ts'
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
  /**
   * The resource whose storage and stored form it shares, if it is another view of the same objects: Events of
   * `events.k8s.io` are those of the core group.
   */
  readonly viewOf?: { readonly group: string; readonly plural: string }
  /** In order of preference; the first served one is the default. */
  readonly versions: readonly ResourceVersionDefinition[]
  /** The apiVersion in which objects are stored. */
  readonly storageApiVersion: string
  /** Verbs that are not served. */
  readonly unsupportedVerbs?: readonly Verb[]
  readonly strategy: ResourceStrategy
  /** What writes need beyond `strategy`, loaded with the first one. */
  readonly loadStrategy?: () => Promise<ResourceStrategy>
  readonly origin: 'builtin' | 'registered' | 'custom'
  /** Its CustomResourceDefinition is being deleted: nothing can be created any more. */
  readonly terminating?: boolean
  /** The revision at which the schema last changed: objects written before may lack defaults. */
  readonly schemaRevision?: number
}

export interface ResourceVersionDefinition {
  readonly name: string
  readonly served: boolean
  /** Sent as a warning with every request to this version. */
  readonly deprecationWarning?: string
  readonly statusSubresource: boolean
  /** Whether the finalizers of its specification are taken off through a subresource, as those of namespaces are. */
  readonly finalizeSubresource?: boolean
  readonly scaleSubresource?: ScaleSubresource
  readonly printerColumns: readonly PrinterColumn[]
  /** JSON paths such as `.spec.color`, usable in field selectors as `spec.color`. */
  readonly selectableFields: readonly string[]
  /**
   * The Go type that a built-in kind is decoded into: other fields are unknown, other types a bad request. Loaded with
   * the first write.
   */
  readonly struct?: () => Promise<GoStruct>
  /** Compiled on first use. Without a schema and a struct, all fields are kept as they are. */
  readonly schema?: () => Promise<ResourceSchema>
}

export interface ScaleSubresource {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

/** A column of `kubectl get`: a JSON path, or for built-in kinds a function of the object and the time, in milliseconds. */
export type PrinterColumn = TableColumnDefinition & {
  readonly value: string | ((object: Unstructured, now: number) => unknown)
}

/**
 * What is particular to a kind, as the strategies of `k8s.io/kubernetes/pkg/registry`. All parts are optional; all
 * but `applyDefaults`, which completes what was sent, see objects in their stored version.
 */
export interface ResourceStrategy {
  /** Default: DNS-1123 subdomain. */
  readonly nameRule?: NameRule
  /** Whether metadata.generation counts changes of the specification. */
  readonly tracksGeneration?: boolean
  /** Whether an update without resourceVersion overwrites. Custom resources do not allow it. */
  readonly allowUnconditionalUpdate?: boolean
  /** Whether an update may create, as for Leases. */
  readonly allowCreateOnUpdate?: boolean
  /** Fills in defaults that are not in the schema, in place. */
  readonly applyDefaults?: (object: Unstructured) => void
  /** Reads what was sent in place of `struct`. */
  readonly decode?: (object: Unstructured) => { unknown: string[]; error?: string }
  /** Sets what a client may not, in place, after defaulting and before validation. */
  readonly prepareForCreate?: (object: Unstructured) => void
  readonly prepareForUpdate?: (object: Unstructured, old: Unstructured) => void
  /** Has to have ended before `validate` or `validateUpdate` if it answers a promise: loads what they need for it. */
  readonly loadValidation?: (object: Unstructured) => Promise<void> | undefined
  readonly validate?: (object: Unstructured) => FieldError[]
  readonly validateUpdate?: (object: Unstructured, old: Unstructured) => FieldError[]
  readonly warnings?: (object: Unstructured, old?: Unstructured) => string[]
  /** Seconds after which an object expires by itself. */
  readonly ttl?: (object: Unstructured) => number | undefined
  /** Converts between the served and the stored version, where they differ in more than apiVersion. */
  readonly convert?: (object: Unstructured, toApiVersion: string) => Unstructured
  /** Fields beside metadata.name and metadata.namespace that field selectors may use, and how to read them. */
  readonly selectableFields?: { readonly [field: string]: (object: Unstructured) => string }
}
