/**
 * Adds items to the end of an array. `target.push(...items)` fails from some hundred thousand items on, which the body of a
 * request can have, or have wrong.
 */
export function append<T>(target: T[], items: Iterable<T>): void {
  for (const item of items) target.push(item)
}
