/** When warnings have more characters than this, each is cut. */
const maxCharacters = 4096
const maxItemCharacters = 256

/**
 * Warnings as values of `Warning` headers, each once: RFC 7234 5.5, with the limits of
 * `k8s.io/apiserver/pkg/endpoints/filters/warning.go`. Header values hold bytes, so that UTF-8 is written as such.
 */
export function warningHeaders(warnings: readonly string[]): string[] {
  const texts = [...new Set(warnings)].filter((text) => text !== '').map(printable)
  const total = texts.reduce((sum, text) => sum + text.length, 0)
  if (total <= maxCharacters) return texts.map(header)
  const headers: string[] = []
  let written = 0
  for (const text of texts) {
    if (written >= maxCharacters) break
    const cut = Array.from(text).slice(0, maxItemCharacters).join('')
    written += cut.length
    headers.push(header(cut))
  }
  return headers
}

/** A header cannot hold control characters, which a warning may quote from an object. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ')
}

function header(text: string): string {
  const quoted = text.replace(/["\\]/g, '\\$&')
  return `299 - "${Buffer.from(quoted).toString('latin1')}"`
}
