import { quote } from '@k1s/apimachinery'

/** The message is that of `netip.ParseAddr` or `netip.ParsePrefix`. */
export class AddressSyntaxError extends Error {}

/** An IP address with the rules of Go's `net/netip`. */
export class IPAddress {
  /** 4 or 16. */
  readonly bytes: Uint8Array
  /** What follows the `%` of an IPv6 address; empty without one. */
  readonly zone: string

  constructor(bytes: Uint8Array, zone = '') {
    this.bytes = bytes
    this.zone = zone
  }

  /** Throws an {@link AddressSyntaxError}. */
  static parse(text: string): IPAddress {
    switch (/[.:%]/.exec(text)?.[0]) {
      case '.':
        return new IPAddress(parseDottedQuad(text, text))
      case ':':
        return parseIPv6(text)
      case '%':
        throw syntaxError(text, 'missing IPv6 address')
    }
    throw syntaxError(text, 'unable to parse IP')
  }

  get is4(): boolean {
    return this.bytes.length === 4
  }

  /** `::ffff:1.2.3.4` */
  get is4In6(): boolean {
    return !this.is4 && this.bytes.subarray(0, 10).every(isZero) && this.#word(5) === 0xffff
  }

  get isUnspecified(): boolean {
    return this.bytes.every(isZero) && this.zone === ''
  }

  get isLoopback(): boolean {
    const { bytes } = this
    return this.is4 ? bytes[0] === 127 : bytes[15] === 1 && bytes.subarray(0, 15).every(isZero)
  }

  get isMulticast(): boolean {
    return this.is4 ? (this.bytes[0]! & 0xf0) === 0xe0 : this.bytes[0] === 0xff
  }

  get isLinkLocalMulticast(): boolean {
    const { bytes } = this
    return this.is4
      ? bytes[0] === 224 && bytes[1] === 0 && bytes[2] === 0
      : (this.#word(0) & 0xff0f) === 0xff02
  }

  get isLinkLocalUnicast(): boolean {
    return this.is4 ? this.bytes[0] === 169 && this.bytes[1] === 254 : (this.#word(0) & 0xffc0) === 0xfe80
  }

  get isGlobalUnicast(): boolean {
    const isBroadcast = this.is4 && this.bytes.every((byte) => byte === 255)
    return (
      !isBroadcast && !this.isUnspecified && !this.isLoopback && !this.isMulticast && !this.isLinkLocalUnicast
    )
  }

  equals(other: IPAddress): boolean {
    return this.zone === other.zone && this.hasSamePrefix(other, this.bytes.length * 8)
  }

  /** Whether both are of one family and their first bits are the same. */
  hasSamePrefix(other: IPAddress, bits: number): boolean {
    if (this.bytes.length !== other.bytes.length) return false
    const mask = prefixMask(bits, this.bytes.length)
    return this.bytes.every((byte, index) => ((byte ^ other.bytes[index]!) & mask[index]!) === 0)
  }

  /** The first bits, the others being zero; without a zone. */
  masked(bits: number): IPAddress {
    const mask = prefixMask(bits, this.bytes.length)
    return new IPAddress(this.bytes.map((byte, index) => byte & mask[index]!))
  }

  /** In canonical form (RFC 5952). */
  toString(): string {
    if (this.is4) return this.bytes.join('.')
    const zone = this.zone === '' ? '' : `%${this.zone}`
    if (this.is4In6) return `::ffff:${this.bytes.subarray(12).join('.')}${zone}`
    const words = Array.from({ length: 8 }, (_, index) => this.#word(index).toString(16))
    const zeros = longestZeros(words)
    if (zeros === undefined) return words.join(':') + zone
    return `${words.slice(0, zeros.start).join(':')}::${words.slice(zeros.end).join(':')}${zone}`
  }

  #word(index: number): number {
    return (this.bytes[2 * index]! << 8) | this.bytes[2 * index + 1]!
  }
}

/** An address with the length of its prefix, such as `10.0.0.1/8`. */
export class IPPrefix {
  readonly address: IPAddress
  readonly bits: number

  constructor(address: IPAddress, bits: number) {
    this.address = address
    this.bits = bits
  }

  /** Throws an {@link AddressSyntaxError}. */
  static parse(text: string): IPPrefix {
    const fail = (message: string) => new AddressSyntaxError(`netip.ParsePrefix(${quote(text)}): ${message}`)
    const slash = text.lastIndexOf('/')
    if (slash < 0) throw fail("no '/'")
    let address: IPAddress
    try {
      address = IPAddress.parse(text.slice(0, slash))
    } catch (error) {
      throw error instanceof AddressSyntaxError ? fail(error.message) : error
    }
    if (address.zone !== '') throw fail('IPv6 zones cannot be present in a prefix')
    const bits = text.slice(slash + 1)
    if (!/^(?:\d|[1-9]\d{1,18})$/.test(bits) || BigInt(bits) >= 2n ** 63n) {
      throw fail(`bad bits after slash: ${quote(bits)}`)
    }
    if (Number(bits) > address.bytes.length * 8) throw fail('prefix length out of range')
    return new IPPrefix(address, Number(bits))
  }

  get masked(): IPPrefix {
    return new IPPrefix(this.address.masked(this.bits), this.bits)
  }

  equals(other: IPPrefix): boolean {
    return this.bits === other.bits && this.address.equals(other.address)
  }

  contains(address: IPAddress): boolean {
    return address.zone === '' && this.address.hasSamePrefix(address, this.bits)
  }

  /** Whether all of the other's addresses are in this. */
  containsPrefix(other: IPPrefix): boolean {
    return this.bits <= other.bits && this.address.hasSamePrefix(other.address, this.bits)
  }

  toString(): string {
    return `${this.address}/${this.bits}`
  }
}

const isZero = (byte: number) => byte === 0

function syntaxError(text: string, message: string, at = ''): AddressSyntaxError {
  return new AddressSyntaxError(
    `ParseAddr(${quote(text)}): ${message}${at === '' ? '' : ` (at ${quote(at)})`}`,
  )
}

function prefixMask(bits: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => 0xff00 >> Math.min(8, Math.max(0, bits - 8 * index)))
}

/** The first of the longest runs of two or more zeros. */
function longestZeros(words: readonly string[]): { start: number; end: number } | undefined {
  let longest: { start: number; end: number } | undefined
  for (let start = 0; start < words.length; start++) {
    let end = start
    while (words[end] === '0') end++
    const best = longest === undefined ? 1 : longest.end - longest.start
    if (end - start > best) longest = { start, end }
  }
  return longest
}

/** `quad` is the part of `text` to read; messages quote all of it. */
function parseDottedQuad(quad: string, text: string): Uint8Array {
  const bytes = new Uint8Array(4)
  let position = 0
  let value = 0
  let digits = 0
  for (let index = 0; index < quad.length; index++) {
    const character = quad[index]!
    if (character >= '0' && character <= '9') {
      if (digits === 1 && value === 0) throw syntaxError(text, 'IPv4 field has octet with leading zero')
      value = value * 10 + Number(character)
      digits++
      if (value > 255) throw syntaxError(text, 'IPv4 field has value >255')
    } else if (character === '.') {
      if (digits === 0 || index === quad.length - 1) {
        throw syntaxError(text, 'IPv4 field must have at least one digit', quad.slice(index))
      }
      if (position === 3) throw syntaxError(text, 'IPv4 address too long')
      bytes[position++] = value
      value = 0
      digits = 0
    } else {
      throw syntaxError(text, 'unexpected character', quad.slice(index))
    }
  }
  if (position < 3) throw syntaxError(text, 'IPv4 address too short')
  bytes[3] = value
  return bytes
}

function parseIPv6(text: string): IPAddress {
  const percent = text.indexOf('%')
  const zone = percent < 0 ? '' : text.slice(percent + 1)
  if (percent >= 0 && zone === '') throw syntaxError(text, 'zone must be a non-empty string')
  let rest = percent < 0 ? text : text.slice(0, percent)
  const bytes: number[] = []
  // Where `::` stands, in bytes.
  let ellipsis = -1
  if (rest.startsWith('::')) {
    ellipsis = 0
    rest = rest.slice(2)
  }
  while (bytes.length < 16 && rest !== '') {
    const digits = /^[0-9A-Fa-f]*/.exec(rest)![0]
    if (digits.length > 4) throw syntaxError(text, 'each group must have 4 or less digits', rest)
    if (digits === '') {
      throw syntaxError(text, 'each colon-separated field must have at least one digit', rest)
    }
    if (rest[digits.length] === '.') {
      if (ellipsis < 0 && bytes.length !== 12) {
        const message = 'embedded IPv4 address must replace the final 2 fields of the address'
        throw syntaxError(text, message, rest)
      }
      if (bytes.length > 12) {
        const message = 'too many hex fields to fit an embedded IPv4 at the end of the address'
        throw syntaxError(text, message, rest)
      }
      bytes.push(...parseDottedQuad(rest, text))
      rest = ''
      break
    }
    const word = Number.parseInt(digits, 16)
    bytes.push(word >> 8, word & 0xff)
    rest = rest.slice(digits.length)
    if (rest === '') break
    if (rest[0] !== ':') throw syntaxError(text, 'unexpected character, want colon', rest)
    if (rest === ':') throw syntaxError(text, 'colon must be followed by more characters', rest)
    rest = rest.slice(1)
    if (rest[0] === ':') {
      if (ellipsis >= 0) throw syntaxError(text, 'multiple :: in address', rest)
      ellipsis = bytes.length
      rest = rest.slice(1)
    }
  }
  if (rest !== '') throw syntaxError(text, 'trailing garbage after address', rest)
  if (bytes.length === 16 && ellipsis >= 0) {
    throw syntaxError(text, 'the :: must expand to at least one field of zeros')
  }
  if (bytes.length < 16 && ellipsis < 0) throw syntaxError(text, 'address string too short')
  bytes.splice(ellipsis, 0, ...Array<number>(16 - bytes.length).fill(0))
  return new IPAddress(Uint8Array.from(bytes), zone)
}
