/**
 * What a plain scalar means in YAML 1.1 as go-yaml v2 reads it, the parser behind sigs.k8s.io/yaml: yes, no,
 * on, off, y and n are booleans, `0777` is octal, `1_000` a number, and base 60 is not supported.
 */

import { losesPrecision } from '../go-number.ts'

export type ScalarTag = '!!str' | '!!bool' | '!!null' | '!!int' | '!!float' | '!!timestamp'

export interface ResolvedScalar {
  readonly tag: ScalarTag
  readonly value: string | number | boolean | null
  /** The value is a number near the integer that is written: see `losesPrecision`. */
  readonly inexact?: true
}

const keywords = new Map<string, ResolvedScalar>()

function addKeywords(tag: ScalarTag, value: number | boolean | null, ...texts: string[]): void {
  for (const text of texts) keywords.set(text, { tag, value })
}

addKeywords('!!bool', true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON')
addKeywords('!!bool', false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF')
addKeywords('!!null', null, '', '~', 'null', 'Null', 'NULL')
addKeywords('!!float', Number.NaN, '.nan', '.NaN', '.NAN')
addKeywords('!!float', Number.POSITIVE_INFINITY, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF')
addKeywords('!!float', Number.NEGATIVE_INFINITY, '-.inf', '-.Inf', '-.INF')

const dotFloat = /^\.\d+(?:[eE][-+]?\d+)?$/
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/
const decimal = /^[-+]?\d{19,}$/
const integer = /^([-+]?)(?:0[bB]([01]+)|0[xX]([\da-fA-F]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/

/** The tag and the value of an unquoted scalar without a tag. A timestamp's value is its text. */
export function resolvePlainScalar(text: string): ResolvedScalar {
  const keyword = keywords.get(text)
  if (keyword !== undefined) return keyword
  const first = text.charCodeAt(0)
  const digitOrSign = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d
  if (digitOrSign) return resolveNumber(text)
  if (first === 0x2e && dotFloat.test(text)) return finiteFloat(text, text)
  return { tag: '!!str', value: text }
}

function resolveNumber(text: string): ResolvedScalar {
  if (isTimestamp(text)) return { tag: '!!timestamp', value: text }
  const plain = text.replaceAll('_', '')
  const value = parseInteger(plain)
  if (value !== undefined) {
    return { tag: '!!int', value: Number(value), ...(losesPrecision(value) && { inexact: true }) }
  }
  if (float.test(plain)) return finiteFloat(text, plain)
  return { tag: '!!str', value: text }
}

function finiteFloat(text: string, plain: string): ResolvedScalar {
  const value = Number(plain)
  if (!Number.isFinite(value)) return { tag: '!!str', value: text }
  const isInexact = decimal.test(plain) && losesPrecision(BigInt(plain))
  return { tag: '!!float', value, ...(isInexact && { inexact: true }) }
}

/** An integer of Go's int64 or uint64, undefined for anything else. */
function parseInteger(text: string): bigint | undefined {
  const match = integer.exec(text)
  if (match === null) return undefined
  const [, sign, binary, hexadecimal, octal, decimal] = match
  const digits = binary ?? hexadecimal ?? octal ?? decimal ?? ''
  const prefix = binary ? '0b' : hexadecimal ? '0x' : octal ? '0o' : ''
  const magnitude = BigInt(prefix + digits)
  const limit = sign === '-' ? 2n ** 63n : sign === '+' ? 2n ** 63n - 1n : 2n ** 64n - 1n
  if (magnitude > limit) return undefined
  return sign === '-' ? -magnitude : magnitude
}

const time = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d{1,9})?`
const timestamp = new RegExp(
  String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]${time}(?:Z|[-+](\d\d):(\d\d))| +${time})?$`,
)

/** Whether go-yaml reads the text as a timestamp, and so quotes it when it is a string. */
function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text)
  if (match === null) return false
  const [
    ,
    year,
    month,
    day,
    hour = 0,
    minute = 0,
    second = 0,
    zoneHour = 0,
    zoneMinute = 0,
    h = 0,
    m = 0,
    s = 0,
  ] = match.map((part) => (part === undefined ? undefined : Number(part)))
  const days = new Date(Date.UTC(2000 + (year! % 400), month!, 0)).getUTCDate()
  const clock = hour < 24 && minute < 60 && second < 60 && h < 24 && m < 60 && s < 60
  return (
    clock && zoneHour <= 24 && zoneMinute <= 60 && month! >= 1 && month! <= 12 && day! >= 1 && day! <= days
  )
}

const tagPrefix = 'tag:yaml.org,2002:'
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The value of a scalar with an explicit tag, or why it has none. Tags that YAML does not define mean strings. */
export function resolveTaggedScalar(
  tag: string,
  text: string,
): Pick<ResolvedScalar, 'value' | 'inexact'> | { problem: string } {
  const short = tag.startsWith(tagPrefix) ? `!!${tag.slice(tagPrefix.length)}` : tag
  if (short === '!!binary') {
    const data = text.replaceAll(/[\r\n]/g, '')
    if (!base64.test(data)) return { problem: '!!binary value contains invalid base64 data' }
    return { value: Buffer.from(data, 'base64').toString('utf8') }
  }
  if (!['!!bool', '!!int', '!!float', '!!null', '!!timestamp'].includes(short)) return { value: text }
  const resolved = resolvePlainScalar(text)
  const isNumber = resolved.tag === '!!int' || resolved.tag === '!!float'
  if (short === '!!float' && isNumber) return { value: resolved.value }
  if (resolved.tag === short) return resolved
  return { problem: `cannot decode ${resolved.tag} \`${text}\` as a ${short}` }
}
