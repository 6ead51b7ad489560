import { quote } from '@k1s/apimachinery'
import { AddressSyntaxError, IPAddress } from './ip-address.ts'
import { escapeUrl, type UrlPart, UrlSyntaxError, unescapeUrl } from './url-escaping.ts'

interface Userinfo {
  readonly username: string
  readonly password: string | undefined
}

interface Parts {
  scheme: string
  /** What follows the scheme of a URL whose path does not start with a slash. */
  opaque: string
  user: Userinfo | undefined
  host: string
  /** Unescaped. */
  path: string
  /** As it was written, unless escaping the path gives the same. */
  rawPath: string
  query: string
  forceQuery: boolean
  omitHost: boolean
  fragment: string
  rawFragment: string
}

/** A URL as Go's `net/url` reads it. */
export class ParsedUrl {
  readonly #parts: Parts

  private constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * `url.Parse` of what `url.ParseRequestURI` accepts too: an absolute URI or an absolute path, with a fragment.
   * Throws a {@link UrlSyntaxError} with Go's message.
   */
  static parse(text: string): ParsedUrl {
    ParsedUrl.validate(text)
    const url = toBytes(text)
    const hash = url.indexOf('#')
    const withoutFragment = hash < 0 ? url : url.slice(0, hash)
    const parts = describeErrors(fromBytes(withoutFragment), () => parse(withoutFragment, false))
    if (hash >= 0) {
      const rawFragment = url.slice(hash + 1)
      parts.fragment = describeErrors(text, () => unescapeUrl(rawFragment, 'fragment'))
      parts.rawFragment = escapeUrl(parts.fragment, 'fragment') === rawFragment ? '' : rawFragment
    }
    return new ParsedUrl(parts)
  }

  /** Throws a {@link UrlSyntaxError} if `url.ParseRequestURI` refuses the text. */
  static validate(text: string): void {
    describeErrors(text, () => parse(toBytes(text), true))
  }

  get scheme(): string {
    return this.#parts.scheme
  }

  /** With the port, if there is one. */
  get host(): string {
    return fromBytes(this.#parts.host)
  }

  /** Without brackets around an IPv6 address. */
  get hostname(): string {
    const { host } = this.#parts
    const name = host.slice(0, host.length - portLength(host))
    return fromBytes(name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name)
  }

  /** Empty without one. */
  get port(): string {
    const { host } = this.#parts
    return host.slice(host.length - portLength(host)).slice(1)
  }

  get escapedPath(): string {
    const { path, rawPath } = this.#parts
    return fromBytes(path === '*' ? path : originalOrEscaped(path, rawPath, 'path'))
  }

  /** Values by name in the order of the query; what is not well-formed is left out, as by `URL.Query` of Go. */
  get query(): Map<string, string[]> {
    const values = new Map<string, string[]>()
    const parameters = this.#parts.query.split('&')
    if (parameters.length > maxQueryParameters) return values
    for (const parameter of parameters) {
      if (parameter === '' || parameter.includes(';')) continue
      const [name, value] = cut(parameter, '=')
      const decoded = decodeParameter(name, value)
      if (decoded === undefined) continue
      const known = values.get(decoded.name)
      if (known === undefined) values.set(decoded.name, [decoded.value])
      else known.push(decoded.value)
    }
    return values
  }

  toString(): string {
    const { scheme, opaque, user, host, path, rawPath, query, forceQuery, omitHost } = this.#parts
    let text = scheme === '' ? '' : `${scheme}:`
    if (opaque !== '') {
      text += opaque
    } else {
      const hasAuthority = host !== '' || user !== undefined
      if (hasAuthority || (scheme !== '' && !omitHost && path !== '')) text += '//'
      if (user !== undefined) text += `${formatUserinfo(user)}@`
      text += escapeUrl(host, 'host')
      const escaped = path === '*' ? path : originalOrEscaped(path, rawPath, 'path')
      if (escaped !== '' && !escaped.startsWith('/') && host !== '') text += '/'
      text += escaped
    }
    if (forceQuery || query !== '') text += `?${query}`
    const { fragment, rawFragment } = this.#parts
    if (fragment !== '') text += `#${originalOrEscaped(fragment, rawFragment, 'fragment')}`
    return fromBytes(text)
  }
}

const maxQueryParameters = 10_000

/** URLs are read byte by byte: one character for each byte of UTF-8. */
const toBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const fromBytes = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')

function describeErrors<T>(url: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof UrlSyntaxError)) throw error
    throw new UrlSyntaxError(`parse ${quote(url)}: ${fromBytes(error.message)}`)
  }
}

function parse(url: string, viaRequest: boolean): Parts {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a URL must not have
  if (/[\x00-\x1f\x7f]/.test(url)) throw new UrlSyntaxError('net/url: invalid control character in URL')
  if (url === '' && viaRequest) throw new UrlSyntaxError('empty url')
  const parts: Parts = {
    scheme: '',
    opaque: '',
    user: undefined,
    host: '',
    path: '',
    rawPath: '',
    query: '',
    forceQuery: false,
    omitHost: false,
    fragment: '',
    rawFragment: '',
  }
  if (url === '*') return { ...parts, path: url }
  if (url.startsWith(':')) throw new UrlSyntaxError('missing protocol scheme')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1]
  parts.scheme = scheme?.toLowerCase() ?? ''
  let rest = scheme === undefined ? url : url.slice(scheme.length + 1)
  parts.forceQuery = rest.indexOf('?') === rest.length - 1 && rest !== ''
  ;[rest, parts.query] = cut(rest, '?')
  if (!rest.startsWith('/')) {
    if (scheme !== undefined) return { ...parts, opaque: rest }
    if (viaRequest) throw new UrlSyntaxError('invalid URI for request')
    if (cut(rest, '/')[0].includes(':')) {
      throw new UrlSyntaxError('first path segment in URL cannot contain colon')
    }
  }
  const mayHaveAuthority = scheme !== undefined || (!viaRequest && !rest.startsWith('///'))
  if (mayHaveAuthority && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2)
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash)
    rest = slash < 0 ? '' : rest.slice(slash)
    parseAuthority(authority, parts)
  } else {
    parts.omitHost = scheme !== undefined
  }
  parts.path = unescapeUrl(rest, 'path')
  parts.rawPath = escapeUrl(parts.path, 'path') === rest ? '' : rest
  return parts
}

function parseAuthority(authority: string, parts: Parts): void {
  const at = authority.lastIndexOf('@')
  parts.host = parseHost(parts.scheme, authority.slice(at + 1))
  if (at < 0) return
  const userinfo = authority.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) {
    throw new UrlSyntaxError('net/url: invalid userinfo')
  }
  const [username, password] = cut(userinfo, ':')
  parts.user = {
    username: unescapeUrl(username, 'userinfo'),
    password: userinfo.includes(':') ? unescapeUrl(password, 'userinfo') : undefined,
  }
}

function parseHost(scheme: string, host: string): string {
  const bracket = host.lastIndexOf('[')
  if (bracket > 0) throw new UrlSyntaxError('invalid IP-literal')
  if (bracket === 0) return parseIPLiteral(host)
  const isWeb = scheme === 'http' || scheme === 'https'
  const colon = isWeb ? host.indexOf(':') : host.lastIndexOf(':')
  if (colon >= 0) validatePort(host.slice(colon))
  return unescapeUrl(host, 'host')
}

function parseIPLiteral(host: string): string {
  const end = host.lastIndexOf(']')
  if (end < 0) throw new UrlSyntaxError("missing ']' in host")
  const port = host.slice(end + 1)
  validatePort(port)
  const literal = host.slice(1, end)
  const zone = literal.indexOf('%25')
  const address =
    zone < 0
      ? unescapeUrl(literal, 'host')
      : unescapeUrl(literal.slice(0, zone), 'host') + unescapeUrl(literal.slice(zone), 'zone')
  let parsed: IPAddress
  try {
    parsed = IPAddress.parse(fromBytes(address))
  } catch (error) {
    if (!(error instanceof AddressSyntaxError)) throw error
    throw new UrlSyntaxError(`invalid host: ${toBytes(error.message)}`)
  }
  if (parsed.is4) throw new UrlSyntaxError('invalid IP-literal')
  return `[${address}]${port}`
}

function validatePort(port: string): void {
  if (!/^(?::\d*)?$/.test(port)) throw new UrlSyntaxError(`invalid port ${quote(port)} after host`)
}

/** Of the port at the end of a host, with its colon. */
function portLength(host: string): number {
  return /:\d*$/.exec(host)?.[0].length ?? 0
}

function formatUserinfo({ username, password }: Userinfo): string {
  const name = escapeUrl(username, 'userinfo')
  return password === undefined ? name : `${name}:${escapeUrl(password, 'userinfo')}`
}

function originalOrEscaped(value: string, original: string, part: UrlPart): string {
  const isValid = /^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]%]*$/.test(
    part === 'path' ? original.replaceAll('/', '') : original.replaceAll(/[/?]/g, ''),
  )
  return original !== '' && isValid ? original : escapeUrl(value, part)
}

function decodeParameter(name: string, value: string): { name: string; value: string } | undefined {
  try {
    return {
      name: fromBytes(unescapeUrl(name, 'query')),
      value: fromBytes(unescapeUrl(value, 'query')),
    }
  } catch (error) {
    if (error instanceof UrlSyntaxError) return undefined
    throw error
  }
}

function cut(text: string, separator: string): [before: string, after: string] {
  const index = text.indexOf(separator)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)]
}
