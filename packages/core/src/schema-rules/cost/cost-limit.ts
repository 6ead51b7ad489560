import { type FieldError, fieldError } from '@k1s/apimachinery'
import { unlimited } from './range.ts'

/** What one expression of a schema may cost at most, as often as it may run for one object. */
export const expressionCostLimit = 10_000_000

/** What all expressions of a schema may cost together. */
export const schemaCostLimit = 100_000_000

/** How often a value can occur in an object; undefined if nothing but the size of a request limits that. */
export type Cardinality = number | undefined

export function costOfAll(cost: number, times: number): number {
  return cost === 0 ? 0 : Math.min(cost * times, unlimited)
}

/** `exceeds budget by factor of …`, with a figure only where it is of use. */
export function costMessage(what: string, cost: number, limit: number): string {
  const factor = cost / limit
  const shown = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
}

/**
 * Adds the costs of all expressions of a schema up.
 *
 * Follows `TotalCost` of `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/cel_validation.go`.
 */
export class TotalCost {
  #total = 0
  /** The four that cost most, of those that take at least a hundredth of the limit. */
  #mostExpensive: { readonly path: string; readonly cost: number }[] = []

  add(path: string, cost: number): void {
    this.#total = Math.min(this.#total + cost, unlimited)
    if (cost < schemaCostLimit / 100) return
    this.#mostExpensive.push({ path, cost })
    this.#mostExpensive.sort((a, b) => b.cost - a.cost)
    this.#mostExpensive = this.#mostExpensive.slice(0, 4)
  }

  errors(schemaPath: string): FieldError[] {
    if (this.#total <= schemaCostLimit) return []
    const detail = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema'
    return [
      ...this.#mostExpensive.map(({ path }) => fieldError.forbidden(path, detail)),
      fieldError.forbidden(schemaPath, costMessage(what, this.#total, schemaCostLimit)),
    ]
  }
}
