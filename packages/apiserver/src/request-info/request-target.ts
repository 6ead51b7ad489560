/** What a request line names. */
export interface RequestTarget {
  readonly tenant: string
  /** Without the tenant's prefix, percent-encoded as it came. */
  readonly path: string
  readonly query: string
}

const tenantPrefix = '/tenants/'

/**
 * Parts the target of a request into tenant, path and query: `/tenants/NAME/…` is the API of another tenant. A target
 * in absolute form, as proxies send it, is read too; any other is a path that nothing is found under.
 */
export function requestTargetOf(url: string, defaultTenant: string): RequestTarget {
  const target = url.startsWith('/') ? url : pathOfAbsolute(url)
  const start = target.indexOf('?')
  const path = start < 0 ? target : target.slice(0, start)
  const query = start < 0 ? '' : target.slice(start + 1)
  if (!path.startsWith(tenantPrefix)) return { tenant: defaultTenant, path, query }
  const end = path.indexOf('/', tenantPrefix.length)
  const tenant = path.slice(tenantPrefix.length, end < 0 ? undefined : end)
  return { tenant, path: end < 0 ? '/' : path.slice(end), query }
}

function pathOfAbsolute(url: string): string {
  const match = /^https?:\/\/[^/?#]*(\/.*)?$/i.exec(url)
  return match === null ? `/${url}` : (match[1] ?? '/')
}
