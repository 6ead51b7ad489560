import type { Correlation } from '../schema/correlation.ts'

/**
 * Where a value of an update stands to the stored object: what it replaces, for `oldSelf`, and whether it is
 * unchanged, so that an error in it is only warned of ("ratcheting"). The nearest value around it that has a
 * counterpart answers for those that have none.
 *
 * Follows `ratchetingOptions` of `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel`.
 */
export class Comparison {
  readonly #correlation: Correlation | undefined
  /** The correlation, if ratcheting looks at it. */
  readonly #current: Correlation | undefined
  readonly #around: Correlation | undefined

  private constructor(
    correlation: Correlation | undefined,
    current: Correlation | undefined,
    around: Correlation | undefined,
  ) {
    this.#correlation = correlation
    this.#current = current
    this.#around = around
  }

  static ofObjects(correlation: Correlation): Comparison {
    return new Comparison(correlation, correlation, undefined)
  }

  /** For `oldSelf` alone: what is wrong is wrong, changed or not. */
  static withoutRatcheting(correlation: Correlation): Comparison {
    return new Comparison(correlation, undefined, undefined)
  }

  /** Undefined if there was nothing, or null. */
  get old(): unknown {
    return this.#correlation?.old ?? undefined
  }

  get isUnchanged(): boolean {
    return (this.#current ?? this.#around)?.isUnchanged === true
  }

  field(name: string): Comparison {
    const field = this.#correlation?.field(name)
    if (this.#current === undefined) return new Comparison(field, undefined, this.#around)
    // The old and the new object were made the same apiVersion and kind, which says nothing of what was sent.
    const isTypeMeta = this.#around === undefined && (name === 'apiVersion' || name === 'kind')
    return isTypeMeta
      ? new Comparison(field, undefined, undefined)
      : new Comparison(field, field, this.#current)
  }

  item(index: number): Comparison {
    const item = this.#correlation?.item(index)
    if (this.#current === undefined) return new Comparison(item, undefined, this.#around)
    return new Comparison(item, item, this.#current)
  }

  /** Rules within allOf are not ratcheted by the value itself. */
  withinAllOf(): Comparison {
    return new Comparison(this.#correlation, undefined, this.#around)
  }
}
