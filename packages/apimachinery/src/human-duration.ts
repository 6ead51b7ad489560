/**
 * Durations: for people, as `k8s.io/apimachinery/pkg/util/duration` prints ages, and as Go's `time.Duration`
 * reads and prints them. All are numbers of milliseconds; fractions hold micro- and nanoseconds, which are exact
 * up to a week.
 */
import { quote } from './quote.ts'

const second = 1000

/** At most two units, the finer the shorter: `5m3s`, `3h20m`, `47h`, `2d4h`, `364d`, `2y3d`. Minus a second is `0s`. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / second)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.trunc(seconds / 60)
  if (minutes < 10) return joinUnits(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.trunc(minutes / 60)
  if (hours < 8) return joinUnits(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.trunc(hours / 24)
  if (hours < 24 * 8) return joinUnits(days, 'd', hours % 24, 'h')
  if (hours < 24 * 365 * 2) return `${days}d`
  const years = Math.trunc(days / 365)
  if (hours < 24 * 365 * 8) return joinUnits(years, 'y', days % 365, 'd')
  return `${years}y`
}

function joinUnits(coarse: number, coarseUnit: string, fine: number, fineUnit: string): string {
  return fine === 0 ? `${coarse}${coarseUnit}` : `${coarse}${coarseUnit}${fine}${fineUnit}`
}

/** One unit: `59s`, `59m`, `23h`, `364d`, `2y`. */
export function shortHumanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / second)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.trunc(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.trunc(minutes / 60)
  if (hours < 24) return `${hours}h`
  if (hours < 24 * 365) return `${Math.trunc(hours / 24)}d`
  return `${Math.trunc(hours / 24 / 365)}y`
}

const nanosecondsOf: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

const maxNanoseconds = 2n ** 63n

/**
 * Reads a Go duration such as `1h30m`, `1.5s` or `-300ms` and returns milliseconds. Throws an Error with the
 * text of Go's `time.ParseDuration`.
 */
export function parseDuration(text: string): number {
  const negative = text.startsWith('-')
  let rest = text.replace(/^[+-]/, '')
  if (rest === '0') return 0
  const invalid = new Error(`time: invalid duration ${quote(text)}`)
  if (rest === '') throw invalid
  let nanoseconds = 0n
  while (rest !== '') {
    const [number, whole = '', fraction = ''] = /^(\d*)(?:\.(\d*))?/.exec(rest)!
    if (whole === '' && fraction === '') throw invalid
    rest = rest.slice(number.length)
    const unit = /^[^.\d]*/.exec(rest)![0]
    if (unit === '') throw new Error(`time: missing unit in duration ${quote(text)}`)
    const scale = Object.hasOwn(nanosecondsOf, unit) ? nanosecondsOf[unit] : undefined
    if (scale === undefined) {
      throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`)
    }
    nanoseconds += (BigInt(whole + fraction) * scale) / 10n ** BigInt(fraction.length)
    if (nanoseconds > maxNanoseconds) throw invalid
    rest = rest.slice(unit.length)
  }
  if (!negative && nanoseconds === maxNanoseconds) throw invalid
  const milliseconds = Number(nanoseconds) / 1e6
  return negative ? -milliseconds : milliseconds
}

/** A duration as Go's `time.Duration` prints it: `1h30m0s`, `1.5s`, `300ms`, `0s`. */
export function formatDuration(milliseconds: number): string {
  const nanoseconds = BigInt(Math.round(Math.abs(milliseconds) * 1e6))
  if (nanoseconds === 0n) return '0s'
  const sign = milliseconds < 0 ? '-' : ''
  if (nanoseconds < 1_000n) return `${sign}${nanoseconds}ns`
  if (nanoseconds < 1_000_000n) return `${sign}${decimal(nanoseconds, 1_000n)}µs`
  if (nanoseconds < 1_000_000_000n) return `${sign}${decimal(nanoseconds, 1_000_000n)}ms`
  const minutes = nanoseconds / nanosecondsOf.m!
  const seconds = `${decimal(nanoseconds % nanosecondsOf.m!, 1_000_000_000n)}s`
  if (minutes === 0n) return sign + seconds
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}

/** A quotient without trailing zeros; the divisor is a power of ten. */
function decimal(dividend: bigint, divisor: bigint): string {
  const fraction = (dividend % divisor).toString().padStart(divisor.toString().length - 1, '0')
  const digits = fraction.replace(/0+$/, '')
  return digits === '' ? `${dividend / divisor}` : `${dividend / divisor}.${digits}`
}
