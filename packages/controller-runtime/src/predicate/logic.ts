import type { KubernetesObject } from '@k1s/apimachinery'
import type { Predicate } from './predicate.ts'

/** Lets an event through that all of them let through; with none of them, every event. */
export function and<T extends KubernetesObject>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return {
    create: (event) => predicates.every((predicate) => predicate.create?.(event) ?? true),
    update: (event) => predicates.every((predicate) => predicate.update?.(event) ?? true),
    delete: (event) => predicates.every((predicate) => predicate.delete?.(event) ?? true),
    generic: (event) => predicates.every((predicate) => predicate.generic?.(event) ?? true),
  }
}

/** Lets an event through that one of them lets through; with none of them, no event. */
export function or<T extends KubernetesObject>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return {
    create: (event) => predicates.some((predicate) => predicate.create?.(event) ?? true),
    update: (event) => predicates.some((predicate) => predicate.update?.(event) ?? true),
    delete: (event) => predicates.some((predicate) => predicate.delete?.(event) ?? true),
    generic: (event) => predicates.some((predicate) => predicate.generic?.(event) ?? true),
  }
}

/** Lets an event through that `predicate` does not. No event of a type that `predicate` leaves out comes through. */
export function not<T extends KubernetesObject>(predicate: Predicate<T>): Predicate<T> {
  return {
    create: (event) => !(predicate.create?.(event) ?? true),
    update: (event) => !(predicate.update?.(event) ?? true),
    delete: (event) => !(predicate.delete?.(event) ?? true),
    generic: (event) => !(predicate.generic?.(event) ?? true),
  }
}
