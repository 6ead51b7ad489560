import { isPrintable } from '../quote.ts'

/** The longest name of a field manager, in bytes of UTF-8: `validation.FieldManagerMaxLength`. */
export const maxFieldManagerLength = 128

/**
 * The field manager of a request that names none: what its User-Agent says before the first slash, without characters
 * that cannot be printed. `prefixFromUserAgent` of `k8s.io/apiserver/pkg/endpoints/handlers/create.go`.
 */
export function prefixFromUserAgent(userAgent: string): string {
  const slash = userAgent.indexOf('/')
  const name = slash < 0 ? userAgent : userAgent.slice(0, slash)
  if (/^[ -~]{0,128}$/.test(name)) return name
  let prefix = ''
  let length = 0
  for (const character of name) {
    if (!isPrintable(character)) continue
    length += Buffer.byteLength(character)
    if (length > maxFieldManagerLength) break
    prefix += character
  }
  return prefix
}
