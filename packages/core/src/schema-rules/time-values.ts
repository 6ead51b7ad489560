import { CelTimestamp } from '../cel/cel-value.ts'

// Texts of the formats date, date-time and duration as values of rules, after `UnstructuredToVal` of
// `k8s.io/apiserver/pkg/cel/common` and the parsers of `k8s.io/kube-openapi/pkg/validation/strfmt`.

const nanosecondsPerMillisecond = 1_000_000n
const second = 1_000_000_000n
const minute = 60n * second
const hour = 60n * minute
const day = 24n * hour

/** Nanoseconds since the epoch at which a day, `2006-01-02`, starts. Undefined if there is no such day. */
export function parseDate(text: string): bigint | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const date = new Date(`${text}T00:00:00Z`)
  // A day that does not exist becomes another or none.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) return undefined
  return BigInt(date.getTime()) * nanosecondsPerMillisecond
}

/** An RFC 3339 time; one without an offset is in UTC. */
export function parseDateTime(text: string): CelTimestamp | undefined {
  if (text === '') return new CelTimestamp(0n)
  const match =
    /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))?$/.exec(text)
  if (match === null) return undefined
  const [, date, hours, minutes, seconds, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match
  const start = parseDate(date!)
  if (start === undefined || hours! > '23' || minutes! > '59' || seconds! > '59') return undefined
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -60 : 60)
  const time = BigInt(hours!) * hour + BigInt(minutes!) * minute + BigInt(seconds!) * second
  const nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  return new CelTimestamp(start + time + nanoseconds - BigInt(offset) * second, offset)
}

const goUnits: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: nanosecondsPerMillisecond,
  s: second,
  m: minute,
  h: hour,
}

/** Units in Scala's durations; of each, the last is a prefix of longer words. */
const scalaUnits: readonly (readonly [bigint, readonly string[]])[] = [
  [1n, ['ns', 'nano']],
  [1_000n, ['us', 'µs', 'micro']],
  [nanosecondsPerMillisecond, ['ms', 'milli']],
  [second, ['s', 'sec']],
  [minute, ['m', 'min']],
  [hour, ['h', 'hr', 'hour']],
  [day, ['d', 'day']],
  [7n * day, ['w', 'wk', 'week']],
]

/** Nanoseconds of Go's `1h30m`, or of a text with numbers and Scala's units, such as `3 days`. */
export function parseDuration(text: string): bigint | undefined {
  return parseGoDuration(text) ?? parseScalaDuration(text)
}

function parseGoDuration(text: string): bigint | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text)
  if (match === null) return undefined
  const [, sign, amount] = match
  let total = 0n
  for (const [, whole = '', fraction = '', unit] of amount!.matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const scale = goUnits[unit!]!
    total += BigInt(whole === '' ? 0 : whole) * scale
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length)
  }
  if (total >= 2n ** 63n) return undefined
  return sign === '-' ? -total : total
}

function parseScalaDuration(text: string): bigint | undefined {
  let total: bigint | undefined
  for (const [, number, word] of text.matchAll(/(\d+)[\t\n\f\r ]*([A-Za-zµ]+)/g)) {
    const unit = word!.toLowerCase()
    for (const [scale, names] of scalaUnits) {
      const last = names.at(-1)!
      if (names.includes(unit) || unit.startsWith(last)) total = (total ?? 0n) + BigInt(number!) * scale
    }
  }
  return total
}
