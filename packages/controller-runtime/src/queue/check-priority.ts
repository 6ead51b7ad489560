/** Returns a priority. Throws a RangeError if it is no finite number: the queue could not tell what goes first. */
export function checkPriority(priority: number): number {
  if (!Number.isFinite(priority)) throw new RangeError(`${String(priority)} is no priority`)
  return priority
}
