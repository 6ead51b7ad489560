/**
 * What a strategic merge asks about a type, `LookupPatchMeta` of `k8s.io/apimachinery/pkg/util/strategicpatch`. A type
 * answers for its fields when it is asked, so that the types of a kind are never walked as a whole.
 */
export interface PatchSchema {
  /** The kind of the type in Go, as errors show it: `struct`, `map`, `slice`, `string`, `int64`, `interface` … Pointers are what they point to. */
  readonly kind: string
  /** The name of a struct in Go, `PodSpec`; empty for other types. */
  readonly name: string
  /** The type of the items of a list; undefined for other types. */
  readonly element?: PatchSchema
  /** The field of a struct with this JSON name, those of inlined structs included; undefined if it has none, and for other types. */
  field(name: string): PatchField | undefined
}

/** A field and its tags `patchStrategy` and `patchMergeKey`. */
export interface PatchField {
  readonly schema: PatchSchema
  /** None means that objects are merged and lists are replaced. */
  readonly patchStrategies: readonly PatchStrategy[]
  /** The field that names an item of a list of objects with the strategy `merge`. */
  readonly patchMergeKey?: string
}

export type PatchStrategy = 'merge' | 'replace' | 'retainKeys'
