const endpoints: ReadonlySet<string> = new Set([
  '/',
  '/api',
  '/apis',
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
])

/** The endpoint that a path of no resource belongs to, one of a fixed number, or nothing. */
export function endpointOf(path: string): string {
  if (endpoints.has(path)) return path
  const slash = path.indexOf('/', path.startsWith('/openapi/') ? '/openapi/'.length : 1)
  const first = slash < 0 ? path : path.slice(0, slash)
  return endpoints.has(first) ? first : ''
}
