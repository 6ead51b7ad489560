import { quote } from '@k1s/apimachinery'

/** The message is that of Go's `net/url`. */
export class UrlSyntaxError extends Error {}

/** What decides which characters a part of a URL may have without being escaped. */
export type UrlPart = 'path' | 'host' | 'zone' | 'userinfo' | 'query' | 'fragment'

const unreserved = 'A-Za-z0-9\\-_.~'
const hostCharacters = `${unreserved}!$&'()*+,;=:[\\]<>"`

/** What needs no escape, as the inside of a character class. */
const plain: { readonly [part in UrlPart]: string } = {
  path: `${unreserved}$&+,/:;=@`,
  host: hostCharacters,
  zone: hostCharacters,
  userinfo: `${unreserved}$&+,;=`,
  query: unreserved,
  fragment: `${unreserved}$&+,/:;=?@!()*`,
}

const forEachPart = (make: (part: UrlPart) => RegExp) =>
  Object.fromEntries(Object.keys(plain).map((part) => [part, make(part as UrlPart)])) as {
    readonly [part in UrlPart]: RegExp
  }

const escapeSequence = '%([0-9A-Fa-f]{2})?'

/** Escapes, `+` of a query, and what a host may not have. */
const special = forEachPart((part) => {
  if (part === 'query') return new RegExp(`${escapeSequence}|\\+`, 'g')
  const isHost = part === 'host' || part === 'zone'
  return new RegExp(isHost ? `${escapeSequence}|[^${plain[part]}\\x80-\\xff]` : escapeSequence, 'g')
})

const needsEscape = forEachPart((part) => new RegExp(`[^${plain[part]}]`, 'g'))
const inHost = new RegExp(`^[${hostCharacters}]$`)

/**
 * Decodes `%XX`, and in a query `+`. `text` has a character for each byte. Throws a {@link UrlSyntaxError} for an
 * escape that is incomplete or that this part may not have, and for a character that a host may not have.
 */
export function unescapeUrl(text: string, part: UrlPart): string {
  return text.replace(special[part], (match, hex: string | undefined, offset: number) => {
    if (match === '+') return ' '
    if (match[0] !== '%') throw new UrlSyntaxError(`invalid character ${quote(match)} in host name`)
    const sequence = text.slice(offset, offset + 3)
    if (hex === undefined) throw invalidEscape(sequence)
    const character = String.fromCharCode(Number.parseInt(hex, 16))
    if (!mayEscape(character, sequence, part)) throw invalidEscape(sequence)
    return character
  })
}

/** In a host only bytes beyond ASCII, in a zone what could be written directly, and spaces. */
function mayEscape(character: string, sequence: string, part: UrlPart): boolean {
  if (part === 'host') return sequence === '%25' || character >= '\x80'
  if (part === 'zone') return sequence === '%25' || character === ' ' || inHost.test(character)
  return true
}

function invalidEscape(sequence: string): UrlSyntaxError {
  return new UrlSyntaxError(`invalid URL escape ${quote(sequence)}`)
}

/** Replaces every byte that this part of a URL may not have by `%XX`. */
export function escapeUrl(text: string, part: UrlPart): string {
  return text.replace(
    needsEscape[part],
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
