/** Formats `date`, `date-time` and `duration` as `k8s.io/kube-openapi/pkg/validation/strfmt` reads them. */

/** A day that exists, as `2006-01-02`. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  if (month < 1 || month > 12 || day < 1) return false
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= days[month - 1]!
}

/** RFC 3339 in any case; any character may precede the fraction, and what follows a second `t` is not read. */
export function isDateTime(text: string): boolean {
  const [date, time] = text.toLowerCase().split('t')
  if (time === undefined || !isDate(date!)) return false
  const match = /^(\d{2}):(\d{2}):(\d{2})([^\n]\d+)?(z|[+-]\d{2}:\d{2})$/u.exec(time)
  if (match === null) return false
  return match[1]! <= '23' && match[2]! <= '59' && match[3]! <= '59'
}

const scalaUnits = ['ns', 'us', 'µs', 'ms', 's', 'm', 'h', 'hr', 'd', 'w', 'wk'] as const
const scalaUnitPrefixes = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week'] as const

/** Go's `1h30m`, or anywhere in the text a number with a unit of Scala's durations, such as `3 days`. */
export function isDuration(text: string): boolean {
  return isGoDuration(text) || isScalaDuration(text)
}

function isGoDuration(text: string): boolean {
  if (/^[+-]?0$/.test(text)) return true
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return false
  const nanoseconds = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 }
  let total = 0
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(number) * nanoseconds[unit as keyof typeof nanoseconds]
  }
  return total < 2 ** 63
}

function isScalaDuration(text: string): boolean {
  let hasUnit = false
  for (const [, number, word] of text.matchAll(/(\d+)[\t\n\f\r ]*([A-Za-zµ]+)/g)) {
    if (Number(number) >= 2 ** 63) return false
    const unit = word!.toLowerCase()
    hasUnit ||= scalaUnits.some((known) => known === unit)
    hasUnit ||= scalaUnitPrefixes.some((prefix) => unit.startsWith(prefix))
  }
  return hasUnit
}
