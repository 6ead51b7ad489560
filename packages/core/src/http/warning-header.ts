/**
 * The texts of `Warning` headers: `299 - "unknown field \"spec.x\""`, several of them separated by commas. What is
 * malformed ends its header, as in `ParseWarningHeaders` of `k8s.io/apimachinery/pkg/util/net`.
 */
export function parseWarnings(headers: readonly string[]): string[] {
  const texts: string[] = []
  for (const header of headers) {
    let rest = utf8(header).trim()
    while (rest !== '') {
      const [all, text] = warning.exec(rest) ?? []
      if (all === undefined || text === undefined) break
      const unquoted = text.replace(/\\(.?)/gs, '$1')
      if (hasControlCharacter.test(unquoted)) break
      texts.push(unquoted)
      rest = rest.slice(all.length).trim()
      if (rest !== '' && !all.endsWith(',')) break
    }
  }
  return texts
}

const warning = /^\d{3} [^\s\p{Cc}]+ "((?:[^"\\]|\\.)*)"(?:\s*"[^"]*")?\s*(?:,|$)/su
const hasControlCharacter = /\p{Cc}/u

/** Node reads headers as Latin-1, Kubernetes writes them in UTF-8. */
function utf8(header: string): string {
  const text = Buffer.from(header, 'latin1').toString()
  return text.includes('\ufffd') ? header : text
}
