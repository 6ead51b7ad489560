/** Formats of network addresses as Go's package net reads them. */

const decimalOctet = /^\d+$/

/** Dotted quad; leading zeros are tolerated, as Kubernetes does for compatibility. */
function isDottedQuad(text: string, allowLeadingZeros: boolean): boolean {
  const octets = text.split('.')
  if (octets.length !== 4) return false
  return octets.every((octet) => {
    if (!decimalOctet.test(octet) || Number(octet) > 255) return false
    return allowLeadingZeros || octet.length === 1 || !octet.startsWith('0')
  })
}

/** Eight groups of hexadecimal digits, `::` for one or more zero groups, the last two possibly a dotted quad. */
function isColonHex(text: string, allowLeadingZeros: boolean): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  let count = 0
  for (const [index, half] of halves.entries()) {
    const groups = half === '' ? [] : half.split(':')
    const last = groups.at(-1)
    if (last?.includes('.')) {
      if (index !== halves.length - 1 || !isDottedQuad(last, allowLeadingZeros)) return false
      groups.splice(-1, 1, '0', '0')
    }
    if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
    count += groups.length
  }
  return halves.length === 2 ? count < 8 : count === 8
}

function isIP(text: string, allowLeadingZeros: boolean): boolean {
  return text.includes(':') ? isColonHex(text, allowLeadingZeros) : isDottedQuad(text, allowLeadingZeros)
}

/** Also `::ffff:1.2.3.4`: an address with a dot. */
export function isIPv4(text: string): boolean {
  return text.includes('.') && isIP(text, true)
}

export function isIPv6(text: string): boolean {
  return text.includes(':') && isIP(text, false)
}

/** `10.0.0.0/8` or `fd00::/8`. */
export function isCIDR(text: string): boolean {
  const slash = text.indexOf('/')
  if (slash < 0) return false
  const address = text.slice(0, slash)
  const length = text.slice(slash + 1)
  return (
    isIP(address, true) && /^\d{1,7}$/.test(length) && Number(length) <= (address.includes(':') ? 128 : 32)
  )
}

/** 6, 8 or 20 bytes, in pairs of digits with colons or dashes, in fours with dots, or in one. */
export function isMAC(text: string): boolean {
  const digits = text.replace(/[:.-]/g, '')
  if (![12, 16, 40].includes(digits.length)) return false
  return (
    /^[0-9a-fA-F]+$/.test(text) ||
    /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})+$/.test(text) ||
    /^[0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2})+$/.test(text) ||
    /^[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+$/.test(text)
  )
}

const hostname =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u

/** RFC 1034, and beyond it letters and symbols of any script, and a digit at the start. */
export function isHostname(text: string): boolean {
  if (!hostname.test(text)) return false
  const bytes = (part: string) => Buffer.byteLength(part)
  return bytes(text) <= 255 && text.split('.').every((label) => bytes(label) <= 63)
}
