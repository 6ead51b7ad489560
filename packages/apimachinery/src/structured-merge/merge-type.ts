/**
 * How values of a type are merged and who may own their parts: `schema.TypeRef` of
 * `sigs.k8s.io/structured-merge-diff/schema`, resolved. Types answer for their fields when they are asked.
 */
export type MergeType = MergeScalar | MergeUntyped | MergeList | MergeMap

/** Owned as a whole. */
export interface MergeScalar {
  readonly kind: 'scalar'
  /** What an applied value must be. Any scalar if undefined. */
  readonly type?: 'numeric' | 'string' | 'boolean'
}

/** Nothing is known: its type is that of the value, lists being atomic and maps granular (`DeducedParseableType`). */
export interface MergeUntyped {
  readonly kind: 'untyped'
  /** Owned as a whole, whatever the value. */
  readonly atomic?: boolean
}

export interface MergeList {
  readonly kind: 'list'
  /** `set` and `map` lists are associative: their items are owned one by one. */
  readonly relationship: 'atomic' | 'set' | 'map'
  readonly element: MergeType
  /** The names of the key fields of a `map` list. */
  readonly keys?: readonly string[]
  /** What a key field is that an item does not have. */
  readonly keyDefaults?: { readonly [key: string]: unknown }
}

export interface MergeMap {
  readonly kind: 'map'
  readonly relationship: 'granular' | 'atomic'
  /**
   * The type of a field: that of the struct's field, else that of all elements. Undefined if there can be none. The
   * answer is the same object each time, since what is known of a type is kept by it.
   */
  field(name: string): MergeType | undefined
  /**
   * True for a field that the struct has by itself, false for an element of a map: who applies something inside an
   * element owns the element too, who applies something inside a field does not own the field.
   */
  declares(name: string): boolean
}

/** Nothing known, as for objects without a schema: `DeducedParseableType`. */
export const deducedType: MergeUntyped = { kind: 'untyped' }
