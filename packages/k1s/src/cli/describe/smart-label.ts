/**
 * Field names as `kubectl describe` titles them: `lastTransitionTime` is `Last Transition Time`, `apiVersion` is
 * `API Version`. Follows smartLabelFor of `k8s.io/kubectl/pkg/describe`.
 */
const acronyms = new Set(['API', 'URL', 'UID', 'GUID'])

export function smartLabel(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field
  return mergeUpperCaseWords(splitCamelCase(field))
    .map((word) => {
      if (acronyms.has(word.toUpperCase())) return word.toUpperCase()
      return word === word.toLowerCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word
    })
    .join(' ')
}

/** Splits where the case changes; the last capital before a lower-case word belongs to that word. */
function splitCamelCase(text: string): string[] {
  return text.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}|[^\p{Lu}\p{Ll}]+/gu) ?? []
}

/** `CIDRBlock` is split as CIDR and Block, and titled as one word. */
function mergeUpperCaseWords(words: readonly string[]): string[] {
  const merged: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const next = words[i + 1]
    if (/^\p{Lu}{2,}$/u.test(word) && next !== undefined && /^\p{Lu}/u.test(next)) {
      merged.push(word + next)
      i++
    } else {
      merged.push(word)
    }
  }
  return merged
}
