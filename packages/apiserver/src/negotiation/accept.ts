/** One clause of an `Accept` header. */
export interface AcceptClause {
  readonly type: string
  readonly subtype: string
  readonly params: ReadonlyMap<string, string>
}

/** More clauses than any client sends; the rest of a hostile header is not looked at. */
const maxClauses = 32

/** The clauses in order of preference: by quality, then the more specific first, then as they came (`goautoneg`). */
export function parseAccept(header: string): readonly AcceptClause[] {
  const clauses: (AcceptClause & { quality: number })[] = []
  for (const text of header.split(',', maxClauses)) {
    const [mediaType = '', ...parameters] = text.split(';')
    const [type = '', subtype = ''] = mediaType.trim().toLowerCase().split('/')
    if (type === '') continue
    const params = new Map<string, string>()
    let quality = 1
    for (const parameter of parameters) {
      const equals = parameter.indexOf('=')
      if (equals < 0) continue
      const name = parameter.slice(0, equals).trim().toLowerCase()
      const value = unquote(parameter.slice(equals + 1).trim())
      if (name === 'q') quality = Number(value) || 0
      else params.set(name, value)
    }
    // A bare `*` is what Java's HttpURLConnection sends for everything.
    clauses.push({ type, subtype: type === '*' && subtype === '' ? '*' : subtype, params, quality })
  }
  return clauses.sort((a, b) => b.quality - a.quality || wildcards(a) - wildcards(b))
}

function wildcards({ type, subtype }: AcceptClause): number {
  return (type === '*' ? 2 : 0) + (subtype === '*' ? 1 : 0)
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}
