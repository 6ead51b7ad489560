/**
 * Why this cannot be a segment of a path: the rules and words of `k8s.io/apimachinery/pkg/api/validation/path`, and what
 * no key may hold.
 */
export function problemOfSegment(segment: string): string | undefined {
  if (segment === '') return 'must not be empty'
  if (segment === '.' || segment === '..') return `may not be '${segment}'`
  if (segment.includes('/')) return `may not contain '/'`
  if (segment.includes('%')) return `may not contain '%'`
  if (segment.length > 253) return 'must be no more than 253 bytes'
  return undefined
}
