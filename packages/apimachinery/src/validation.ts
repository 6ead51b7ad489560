/**
 * Rules for names, labels and keys, as in `k8s.io/apimachinery/pkg/util/validation` and `pkg/api/validate/content`.
 * Each function returns what is wrong with a text, in the words of Kubernetes, or an empty array. Lengths are in
 * bytes of UTF-8.
 */

const dns1123LabelFormat = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const dns1123SubdomainFormat = `${dns1123LabelFormat}(\\.${dns1123LabelFormat})*`
const dns1035LabelFormat = '[a-z]([-a-z0-9]*[a-z0-9])?'
const labelKeyFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelValueFormat = `(${labelKeyFormat})?`
const configMapKeyFormat = '[-._a-zA-Z0-9]+'
const cIdentifierFormat = '[A-Za-z_][A-Za-z0-9_]*'
const httpHeaderNameFormat = '[-A-Za-z0-9]+'

const dns1123Label = new RegExp(`^${dns1123LabelFormat}$`)
const dns1123Subdomain = new RegExp(`^${dns1123SubdomainFormat}$`)
const dns1035Label = new RegExp(`^${dns1035LabelFormat}$`)
const labelKey = new RegExp(`^${labelKeyFormat}$`)
const labelValue = new RegExp(`^${labelValueFormat}$`)
const configMapKey = new RegExp(`^${configMapKeyFormat}$`)
const cIdentifier = new RegExp(`^${cIdentifierFormat}$`)
const httpHeaderName = new RegExp(`^${httpHeaderNameFormat}$`)

const labelKeyMessage =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/** Bytes that a name of a DNS label, a label key without its prefix, or a label value may have. */
export const labelMaxLength = 63

/** Bytes that a DNS subdomain, and with it most object names, may have. */
export const subdomainMaxLength = 253

/** A label of a DNS name (RFC 1123), as namespaces are named. */
export function isDNS1123Label(text: string): string[] {
  const errors = tooLong(text, labelMaxLength, 'characters')
  if (dns1123Label.test(text)) return errors
  if (dns1123Subdomain.test(text)) return [...errors, 'must not contain dots']
  const message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
  return [...errors, regexError(message, dns1123LabelFormat, 'my-name', '123-abc')]
}

/** A DNS subdomain (RFC 1123), as most objects are named. */
export function isDNS1123Subdomain(text: string): string[] {
  return subdomainErrors(text, 'characters')
}

function subdomainErrors(text: string, unit: 'characters' | 'bytes'): string[] {
  const errors = tooLong(text, subdomainMaxLength, unit)
  if (dns1123Subdomain.test(text)) return errors
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
  return [...errors, regexError(message, dns1123SubdomainFormat, 'example.com')]
}

/** A label of a DNS name (RFC 1035), which starts with a letter, as services are named. */
export function isDNS1035Label(text: string): string[] {
  const errors = tooLong(text, labelMaxLength, 'characters')
  if (dns1035Label.test(text)) return errors
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
  return [...errors, regexError(message, dns1035LabelFormat, 'my-name', 'abc-123')]
}

/** What most keys look like, and none of another form does. */
const plainQualifiedName = /^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*\/)?[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/

/** A key of labels, annotations, finalizers and taints: a name, or a DNS subdomain, a slash and a name. */
export function isQualifiedName(text: string): string[] {
  if (text.length <= labelMaxLength && plainQualifiedName.test(text)) return []
  const parts = text.split('/')
  if (parts.length > 2) {
    return [
      `a valid label key ${regexError(labelKeyMessage, labelKeyFormat, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const name = parts.at(-1)!
  const errors = parts.length === 2 ? prefixErrors(parts[0]!) : []
  if (name === '') errors.push('name part must be non-empty')
  for (const error of tooLong(name, labelMaxLength, 'bytes')) errors.push(`name part ${error}`)
  if (!labelKey.test(name)) {
    errors.push(`name part ${regexError(labelKeyMessage, labelKeyFormat, 'MyName', 'my.name', '123-abc')}`)
  }
  return errors
}

function prefixErrors(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty']
  return subdomainErrors(prefix, 'bytes').map((error) => `prefix part ${error}`)
}

/** The value of a label. It may be empty. */
export function isValidLabelValue(text: string): string[] {
  const errors = tooLong(text, labelMaxLength, 'bytes')
  if (labelValue.test(text)) return errors
  const message = `a valid label must be an empty string or consist of ${labelKeyMessage.slice('must consist of '.length)}`
  return [...errors, regexError(message, labelValueFormat, 'MyValue', 'my_value', '12345')]
}

/** A key of a ConfigMap's or Secret's data, which becomes the name of a file. */
export function isConfigMapKey(text: string): string[] {
  const errors = tooLong(text, subdomainMaxLength, 'characters')
  if (!configMapKey.test(text)) {
    const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    errors.push(regexError(message, configMapKeyFormat, 'key.name', 'KEY_NAME', 'key-name'))
  }
  if (text === '.' || text === '..') errors.push(`must not be '${text}'`)
  else if (text.startsWith('..')) errors.push("must not start with '..'")
  return errors
}

/** A name that can be a segment of a path, as the objects of RBAC are named. Empty and long ones pass. */
export function isValidPathSegmentName(text: string): string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`]
  return isValidPathSegmentPrefix(text)
}

/** The start of a name that will be a segment of a path. */
export function isValidPathSegmentPrefix(text: string): string[] {
  return ['/', '%'].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`)
}

/** An identifier of the language C. */
export function isCIdentifier(text: string): string[] {
  if (cIdentifier.test(text)) return []
  const message =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'"
  return [regexError(message, cIdentifierFormat, 'my_name', 'MY_NAME', 'MyName')]
}

/** The name of an HTTP header, more strictly than RFC 7230. */
export function isHTTPHeaderName(text: string): string[] {
  if (httpHeaderName.test(text)) return []
  const message = "a valid HTTP header must consist of alphanumeric characters or '-'"
  return [regexError(message, httpHeaderNameFormat, 'X-Header-Name')]
}

/** How a kind names its objects; `prefix` is true for a generateName, to which characters will be added. */
export type NameRule = (name: string, prefix: boolean) => string[]

export const nameIsDNSSubdomain: NameRule = (name, prefix) =>
  isDNS1123Subdomain(prefix ? maskTrailingDash(name) : name)

export const nameIsDNSLabel: NameRule = (name, prefix) =>
  isDNS1123Label(prefix ? maskTrailingDash(name) : name)

export const nameIsDNS1035Label: NameRule = (name, prefix) =>
  isDNS1035Label(prefix ? maskTrailingDash(name) : name)

export const nameIsPathSegment: NameRule = (name, prefix) =>
  prefix ? isValidPathSegmentPrefix(name) : isValidPathSegmentName(name)

/** A prefix may end in a dash, since more follows. */
function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
}

function tooLong(text: string, max: number, unit: 'characters' | 'bytes'): string[] {
  // A character has at most three bytes per UTF-16 unit, so that short texts need no counting.
  if (text.length * 3 <= max || Buffer.byteLength(text) <= max) return []
  return [`must be no more than ${max} ${unit}`]
}

/** A message with examples and the regular expression that a text does not match, as `validation.RegexError`. */
export function regexError(message: string, format: string, ...examples: string[]): string {
  const regex = `regex used for validation is '${format}')`
  if (examples.length === 0) return `${message} (${regex}`
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}${regex}`
}
