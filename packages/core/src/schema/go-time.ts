import { quote } from '@k1s/apimachinery'

const layouts = {
  time: '2006-01-02T15:04:05Z07:00',
  microTime: '2006-01-02T15:04:05.000000Z07:00',
} as const

const isRegular = {
  time: /^\d{4}-(?:0[1-9]|1[012])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?Z$/,
  microTime: /^\d{4}-(?:0[1-9]|1[012])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{6}Z$/,
} as const

/** Part of a layout: what it is called there, what may be in its place, and the greatest number that may be. */
type Element = readonly [text: string, pattern: RegExp, rangeName?: string, min?: number, max?: number]

const seconds: readonly Element[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/, 'month', 1, 12],
  ['-', /^-/],
  ['02', /^\d{2}/],
  ['T', /^T/],
  ['15', /^\d{1,2}/, 'hour', 0, 23],
  [':', /^:/],
  ['04', /^\d{2}/, 'minute', 0, 59],
  [':', /^:/],
  ['05', /^\d{2}/, 'second', 0, 59],
]
const zone: Element = ['Z07:00', /^(?:Z|[+-]\d{2}:\d{2})/]

const elements = {
  // A fraction of any length may follow the seconds, even if the layout has none.
  time: [...seconds, ['', /^(?:[.,]\d+)?/], zone],
  microTime: [...seconds, ['.000000', /^[.,]\d{6}/], zone],
} as const satisfies { [type: string]: readonly Element[] }

/**
 * What Go's `time.Parse` says of a text that is no time, for the layouts of `metav1.Time` (RFC 3339) and
 * `metav1.MicroTime` (the same with exactly six digits of fractions); undefined if it is one.
 */
export function timeError(text: string, type: 'time' | 'microTime'): string | undefined {
  return isRegular[type].test(text) ? undefined : findError(text, type)
}

function findError(text: string, type: 'time' | 'microTime'): string | undefined {
  const outOfRange = (what: string) => `parsing time ${quote(text)}: ${what} out of range`
  const found: { [element: string]: string } = {}
  let rest = text
  for (const [element, pattern, rangeName, min = 0, max = 0] of elements[type] as readonly Element[]) {
    const match = pattern.exec(rest)?.[0]
    if (match === undefined) {
      return `parsing time ${quote(text)} as ${quote(layouts[type])}: cannot parse ${quote(rest)} as ${quote(element)}`
    }
    if (rangeName !== undefined && (Number(match) < min || Number(match) > max)) return outOfRange(rangeName)
    found[element] = match
    rest = rest.slice(match.length)
  }
  const offset = found['Z07:00']!
  if (Number(offset.slice(4)) > 60) return outOfRange('time zone offset minute')
  if (Number(offset.slice(1, 3)) > 24) return outOfRange('time zone offset hour')
  if (rest !== '') return `parsing time ${quote(text)}: extra text: ${quote(rest)}`
  const day = Number(found['02'])
  return day < 1 || day > daysIn(Number(found['2006']), Number(found['01'])) ? outOfRange('day') : undefined
}

function daysIn(year: number, month: number): number {
  const date = new Date(Date.UTC(2000, month, 0))
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}
