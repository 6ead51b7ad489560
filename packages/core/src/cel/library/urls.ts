import { boolType, listType, mapType, opaqueType, stringType } from '../cel-type.ts'
import type { CelOpaque, CelValue } from '../cel-value.ts'
import { ArrayList, HashMap } from '../collections.ts'
import type { CelFunction, CelLibrary } from '../environment.ts'
import { CelEvaluationError } from '../evaluation-error.ts'
import { traversal } from './call-cost.ts'
import { memberOverload, overload } from './overload.ts'
import { ParsedUrl } from './parsed-url.ts'
import { UrlSyntaxError } from './url-escaping.ts'

const urlType = opaqueType('kubernetes.URL')

class UrlValue implements CelOpaque {
  readonly celKind = 'opaque'
  readonly type = urlType
  readonly url: ParsedUrl

  constructor(url: ParsedUrl) {
    this.url = url
  }

  equals(other: CelValue): boolean {
    return other instanceof UrlValue && this.url.toString() === other.url.toString()
  }
}

function parseUrl(text: string): UrlValue {
  try {
    return new UrlValue(ParsedUrl.parse(text))
  } catch (error) {
    if (!(error instanceof UrlSyntaxError)) throw error
    throw new CelEvaluationError(`URL parse error during conversion from string: ${error.message}`)
  }
}

function isUrl(text: string): boolean {
  try {
    ParsedUrl.validate(text)
    return true
  } catch (error) {
    if (error instanceof UrlSyntaxError) return false
    throw error
  }
}

function queryOf({ url }: UrlValue): HashMap {
  const query = new HashMap()
  for (const [name, values] of url.query) query.set(name, new ArrayList(values))
  return query
}

const textOf = (name: string, id: string, read: (url: ParsedUrl) => string): CelFunction => ({
  name,
  overloads: [memberOverload(id, [urlType], stringType, (value: UrlValue) => read(value.url))],
})

/** URLs: `k8s.io/apiserver/pkg/cel/library/urls.go`. */
export const urlLibrary: CelLibrary = {
  name: 'kubernetes.urls',
  functions: [
    { name: 'url', overloads: [overload('string_to_url', [stringType], urlType, parseUrl, traversal)] },
    { name: 'isURL', overloads: [overload('is_url_string', [stringType], boolType, isUrl)] },
    textOf('getScheme', 'url_get_scheme', (url) => url.scheme),
    textOf('getHost', 'url_get_host', (url) => url.host),
    textOf('getHostname', 'url_get_hostname', (url) => url.hostname),
    textOf('getPort', 'url_get_port', (url) => url.port),
    textOf('getEscapedPath', 'url_get_escaped_path', (url) => url.escapedPath),
    {
      name: 'getQuery',
      overloads: [
        memberOverload('url_get_query', [urlType], mapType(stringType, listType(stringType)), queryOf),
      ],
    },
  ],
}
