/**
 * Resolves when others had their turn. Documents about hundreds of kinds take long to make, and a process that serves
 * them has other requests to answer.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
