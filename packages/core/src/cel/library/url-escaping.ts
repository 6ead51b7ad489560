import { quote } from '@k1s/apimachinery'

/** The message is that of Go's `net/url`. */
export class UrlSyntaxError extends Error {}

/** What decides which characters a part of a URL may have without being escaped. */
export type UrlPart = 'path' | 'host' | 'zone' | 'userinfo' | 'query' | 'fragment'

const unreserved = 'A-Za-z0-9\\-_.~'

const unescaped: { readonly [part in UrlPart]: RegExp } = {
  path: new RegExp(`[${unreserved}$&+,/:;=@]`),
  host: new RegExp(`[${unreserved}!$&'()*+,;=:[\\]<>"]`),
  zone: new RegExp(`[${unreserved}!$&'()*+,;=:[\\]<>"]`),
  userinfo: new RegExp(`[${unreserved}$&+,;=]`),
  query: new RegExp(`[${unreserved}]`),
  fragment: new RegExp(`[${unreserved}$&+,/:;=?@!()*]`),
}

/**
 * Decodes `%XX`, and in a query `+`. `text` has a character for each byte. Throws a {@link UrlSyntaxError} for an
 * escape that is incomplete or that this part may not have, and for a character that a host may not have.
 */
export function unescapeUrl(text: string, part: UrlPart): string {
  const isHost = part === 'host' || part === 'zone'
  return text.replace(/%([0-9A-Fa-f]{2})?|[^%]/gs, (match, hex: string | undefined, offset: number) => {
    if (match[0] !== '%') {
      if (isHost && match < '\x80' && !unescaped[part].test(match)) {
        throw new UrlSyntaxError(`invalid character ${quote(match)} in host name`)
      }
      return match === '+' && part === 'query' ? ' ' : match
    }
    const sequence = text.slice(offset, offset + 3)
    if (hex === undefined) throw invalidEscape(sequence)
    const character = String.fromCharCode(Number.parseInt(hex, 16))
    if (isHost && sequence !== '%25' && !mayEscape(character, part)) throw invalidEscape(sequence)
    return character
  })
}

/** In a host only bytes beyond ASCII, in a zone what could be written directly, and spaces. */
function mayEscape(character: string, part: UrlPart): boolean {
  if (part === 'host') return character >= '\x80'
  return character === ' ' || unescaped.host.test(character)
}

function invalidEscape(sequence: string): UrlSyntaxError {
  return new UrlSyntaxError(`invalid URL escape ${quote(sequence)}`)
}

/** Replaces every byte that this part of a URL may not have by `%XX`. */
export function escapeUrl(text: string, part: UrlPart): string {
  return text.replace(/./gs, (character) => {
    if (unescaped[part].test(character)) return character
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}
