import type { goSort } from './go-sort.ts'

/** {@link goSort}, for commands that sort: others do not load it. */
export async function loadGoSort(): Promise<typeof goSort> {
  return (await import('./go-sort.ts')).goSort
}
