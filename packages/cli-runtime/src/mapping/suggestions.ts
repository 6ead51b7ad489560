/**
 * The candidates that someone who typed `text` may have meant, nearest first: those at most two edits away (but less
 * than half of what was typed), and those that start with it, as cobra suggests commands.
 */
export function suggestions(text: string, candidates: Iterable<string>, limit = 3): string[] {
  const typed = text.toLowerCase()
  if (typed === '') return []
  const allowed = Math.min(2, Math.ceil(typed.length / 2) - 1)
  const ranked = [...new Set(candidates)].flatMap((candidate) => {
    const word = candidate.toLowerCase()
    const distance = editDistance(typed, word)
    if (distance <= allowed) return [{ candidate, distance }]
    return word.startsWith(typed) ? [{ candidate, distance: allowed + 1 }] : []
  })
  return ranked
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate)
}

/** `Did you mean "items" or "itemsets"?`; undefined without suggestions. */
export function didYouMean(names: readonly string[]): string | undefined {
  const quoted = names.map((name) => JSON.stringify(name))
  const last = quoted.pop()
  if (last === undefined) return undefined
  return `Did you mean ${quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`}?`
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replace = from[row - 1] === to[column - 1] ? 0 : 1
      let best = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + replace)
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) best = Math.min(best, beforePrevious[column - 2]! + 1)
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[to.length]!
}
