const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const digit = /[A-Za-z0-9+/]/

/** What Go's decoder says of text that is not standard base64 with padding, line ends aside; undefined if it is. */
export function base64Error(text: string): string | undefined {
  if (wellFormed.test(text) || wellFormed.test(text.replace(/[\r\n]/g, ''))) return undefined
  return `illegal base64 data at input byte ${problemAt(text)}`
}

/** The offset of `CorruptInputError` of Go's `encoding/base64`, in bytes. */
function problemAt(text: string): number {
  const bytes = Buffer.from(text).toString('latin1')
  const isLineEnd = (at: number) => bytes[at] === '\n' || bytes[at] === '\r'
  let digits = 0
  for (let at = 0; at < bytes.length; at++) {
    if (isLineEnd(at)) continue
    if (digit.test(bytes[at]!)) {
      digits++
      continue
    }
    const inGroup = digits % 4
    if (bytes[at] !== '=' || inGroup < 2) return at
    let next = at + 1
    while (isLineEnd(next)) next++
    if (inGroup === 2) {
      if (next === bytes.length) return next
      if (bytes[next] !== '=') return next - 1
      next++
      while (isLineEnd(next)) next++
    }
    return next
  }
  return bytes.length - (digits % 4)
}
