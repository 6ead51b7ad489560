import { isIPv6 } from './network-address.ts'

/**
 * An absolute URI or an absolute path, as Go's `url.ParseRequestURI` accepts them: a fragment is not split off,
 * and what follows a scheme without a slash is not looked at.
 */
export function isRequestURI(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a URI must not have
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return false
  if (text === '*') return true
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1]
  const hierarchy = (scheme === undefined ? text : text.slice(scheme.length + 1)).split('?')[0]!
  if (!hierarchy.startsWith('/')) return scheme !== undefined
  if (scheme === undefined || !hierarchy.startsWith('//')) return hasValidEscapes(hierarchy)
  const pathStart = hierarchy.indexOf('/', 2)
  const authority = pathStart < 0 ? hierarchy.slice(2) : hierarchy.slice(2, pathStart)
  return (
    isAuthority(authority, scheme.toLowerCase()) &&
    (pathStart < 0 || hasValidEscapes(hierarchy.slice(pathStart)))
  )
}

function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text)
}

function isAuthority(authority: string, scheme: string): boolean {
  const at = authority.lastIndexOf('@')
  if (!isHost(authority.slice(at + 1), scheme)) return false
  if (at < 0) return true
  const userinfo = authority.slice(0, at)
  return /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo) && hasValidEscapes(userinfo)
}

/** Bytes outside of ASCII may be escaped in a host, others may not. */
const hostname = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"\u{80}-\u{10ffff}]|%[89a-fA-F][0-9a-fA-F]|%25)*$/u

function isHost(host: string, scheme: string): boolean {
  const bracket = host.lastIndexOf('[')
  if (bracket > 0) return false
  if (bracket === 0) {
    const literal = /^\[(.*)\](:\d*)?$/.exec(host)
    return literal !== null && isIPv6(literal[1]!.replace(/%25.+$/, ''))
  }
  const isWeb = scheme === 'http' || scheme === 'https'
  const colon = isWeb ? host.indexOf(':') : host.lastIndexOf(':')
  if (colon >= 0 && !/^:\d*$/.test(host.slice(colon))) return false
  return hostname.test(host)
}
