/** A letter, a digit or a character without a meaning of its own; a class of those; with how often, or not. */
const part = /[\w:/@%,;=~ -]|\[\^?(?:[A-Za-z0-9]-[A-Za-z0-9]|[\w:/@%,;=~. ])+-?\]/y
const times = /[*+?]|\{\d{1,3}(?:,\d{0,3})?\}/y

/**
 * The JavaScript expression for a pattern that is so plain that it means the same there as in Go, and takes no longer
 * than the text is: anchored at both ends, without groups or alternatives, and with one repetition at most whose length
 * varies. Undefined for any other. Most patterns of names and words are like that, and V8 is many times faster.
 */
export function compilePlainPattern(source: string): RegExp | undefined {
  if (source.length > 200 || !source.startsWith('^') || !source.endsWith('$')) return undefined
  const end = source.length - 1
  let variable = 0
  for (let position = 1; position < end; ) {
    part.lastIndex = position
    if (!part.test(source) || part.lastIndex > end) return undefined
    position = part.lastIndex
    times.lastIndex = position
    if (!times.test(source)) continue
    if (times.lastIndex > end) return undefined
    if (!/^\{\d+\}$/.test(source.slice(position, times.lastIndex))) variable++
    position = times.lastIndex
  }
  return variable > 1 || hasReversedRange(source) ? undefined : new RegExp(source, 'u')
}

/** `[z-a]` and `{3,1}` are errors, in Go's words for whoever compiles them there. */
function hasReversedRange(source: string): boolean {
  for (const [, from, to] of source.matchAll(/([A-Za-z0-9])-([A-Za-z0-9])/g)) if (from! > to!) return true
  for (const [, from, to] of source.matchAll(/\{(\d+),(\d+)\}/g)) if (Number(from) > Number(to)) return true
  return false
}
