import { isEmailAddress } from './email-address.ts'
import { isCIDR, isHostname, isIPv4, isIPv6, isMAC } from './network-address.ts'
import { isRequestURI } from './request-uri.ts'
import { isDate, isDateTime, isDuration } from './time-formats.ts'

const uuid = (version: string, variant: string) =>
  new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{${version === '' ? 4 : 3}}-?${variant}[0-9a-f]{${variant === '' ? 4 : 3}}-?[0-9a-f]{12}$`,
    'i',
  )

const colorValue = '[\\t\\n\\f\\r ]*(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])[\\t\\n\\f\\r ]*'

const matches = (pattern: RegExp) => (text: string) => pattern.test(text)

/**
 * The string formats that the API server validates, by name without dashes, with the leniency of
 * `k8s.io/kube-openapi/pkg/validation/strfmt`.
 */
const stringFormats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['bsonobjectid', matches(/^[0-9a-fA-F]{24}$/)],
  ['byte', matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/)],
  ['cidr', isCIDR],
  ['creditcard', isCreditCard],
  ['date', isDate],
  ['datetime', isDateTime],
  ['duration', isDuration],
  ['email', isEmailAddress],
  ['hexcolor', matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  ['hostname', isHostname],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
  ['isbn', (text: string) => isISBN10(text) || isISBN13(text)],
  ['isbn10', isISBN10],
  ['isbn13', isISBN13],
  [
    'k8slongname',
    (text: string) =>
      text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
  ],
  ['k8sshortname', (text: string) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)],
  ['mac', isMAC],
  ['password', () => true],
  ['rgbcolor', matches(new RegExp(`^rgb\\(${colorValue},${colorValue},${colorValue}\\)$`))],
  ['ssn', matches(/^\d{3}[- ]\d{2}[- ]\d{4}$/)],
  ['uri', isRequestURI],
  ['uuid', matches(uuid('', ''))],
  ['uuid3', matches(uuid('3', ''))],
  ['uuid4', matches(uuid('4', '[89ab]'))],
  ['uuid5', matches(uuid('5', '[89ab]'))],
])

/**
 * Whether a schema of these types has an effective format; others are ignored, as by
 * `StripUnsupportedFormatsPostProcess` of apiextensions.
 */
export function isSupportedFormat(types: string, format: string): boolean {
  if (types === 'integer') return format === 'int32' || format === 'int64'
  if (types === 'number') return format === 'float' || format === 'double'
  const isForStrings = types === '' || types === 'string' || types === 'integer,string'
  return isForStrings && stringFormats.has(format.replaceAll('-', ''))
}

/** False if `format` is a format of strings that `text` does not have. */
export function matchesFormat(format: string, text: string): boolean {
  return stringFormats.get(format.replaceAll('-', ''))?.(text) ?? true
}

function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D+/g, '')
  const issued =
    /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/
  if (!issued.test(digits)) return false
  let sum = 0
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
    sum += doubled >= 10 ? (doubled % 10) + 1 : doubled
  }
  return sum % 10 === 0
}

function isISBN10(text: string): boolean {
  const digits = withoutSpacesAndDashes(text)
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false
  const weighted = [...digits].map((digit, index) => (digit === 'X' ? 10 : Number(digit)) * (index + 1))
  return weighted.reduce((sum, value) => sum + value) % 11 === 0
}

function isISBN13(text: string): boolean {
  const digits = withoutSpacesAndDashes(text)
  if (!/^[0-9]{13}$/.test(digits)) return false
  const weighted = [...digits].map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 3))
  return weighted.reduce((sum, value) => sum + value) % 10 === 0
}

function withoutSpacesAndDashes(text: string): string {
  return text.replace(/[\t\n\f\r -]+/g, '')
}
