import { decodeJson, parseQuantity } from '@k1s/apimachinery'
import type { ConvertedMessage, Message } from '../message.ts'
import { WireError } from '../wire/wire-error.ts'

const timestamp: Message = {
  name: 'Timestamp',
  fields: { seconds: [1, 'int64', 'pointer'], nanos: [2, 'int32', 'pointer'] },
}

interface Timestamp {
  seconds?: number
  nanos?: number
}

/** The first seconds of the years 1, which is Go's zero time, and 10000. */
const zeroSeconds = -62_135_596_800
const endSeconds = 253_402_300_800

/** `metav1.Time`: RFC 3339 in UTC, in whole seconds. The zero time is null and an empty message. */
export const time: ConvertedMessage = {
  message: timestamp,
  toJson: ({ seconds = 0, nanos }: Timestamp) =>
    seconds === 0 && nanos === undefined ? null : formatSeconds(seconds, 'Z'),
  fromJson: (value) => {
    const seconds = parseSeconds(value)
    return seconds === undefined ? {} : { seconds, nanos: 0 }
  },
}

/** `metav1.MicroTime`: the same with six digits of fractions. */
export const microTime: ConvertedMessage = {
  message: timestamp,
  toJson: ({ seconds = 0, nanos }: Timestamp) => {
    if (seconds === 0 && nanos === undefined) return null
    const micros = Math.trunc((nanos ?? 0) / 1000)
    const carry = Math.floor(micros / 1_000_000)
    const fraction = String(micros - carry * 1_000_000).padStart(6, '0')
    return formatSeconds(seconds + carry, `.${fraction}Z`)
  },
  fromJson: (value) => {
    const seconds = parseSeconds(value)
    if (seconds === undefined) return {}
    const fraction = /[.,](\d{1,6})/.exec(value as string)?.[1] ?? ''
    return { seconds, nanos: Number(fraction.padEnd(6, '0')) * 1000 }
  },
}

function formatSeconds(seconds: number, suffix: string): string | null {
  if (seconds === zeroSeconds && !/[1-9]/.test(suffix)) return null
  if (seconds < zeroSeconds || seconds >= endSeconds) {
    throw new WireError(`the time of ${seconds} seconds since 1970 is not in the years 1 to 9999`)
  }
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${suffix}`
}

/** Undefined for null and the zero time. */
function parseSeconds(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined
  const seconds = Math.floor(Date.parse(String(value)) / 1000)
  if (Number.isNaN(seconds)) throw new TypeError(`${JSON.stringify(value)} is not a time`)
  return seconds === zeroSeconds ? undefined : seconds
}

/** `resource.Quantity`. */
export const quantity: ConvertedMessage = {
  message: { name: 'Quantity', fields: { string: [1, 'string', 'pointer'] } },
  toJson: ({ string }) => {
    if (string === undefined) return '0'
    try {
      return parseQuantity(string as string).toString()
    } catch (error) {
      throw new WireError((error as Error).message)
    }
  },
  fromJson: (value) => ({ string: parseQuantity(String(value)).toString() }),
}

/** `apiextensionsv1.JSON` and `metav1.FieldsV1`: any JSON, as text. */
export const json: ConvertedMessage = {
  message: { name: 'JSON', fields: { raw: [1, 'string', 'pointer'] } },
  toJson: ({ raw = '' }) => {
    if (raw === '') return null
    try {
      return decodeJson(raw as string)
    } catch (error) {
      throw new WireError((error as Error).message)
    }
  },
  fromJson: (value) => (value === null || value === undefined ? {} : { raw: JSON.stringify(value) }),
}
