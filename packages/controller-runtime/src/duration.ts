import { parseDuration } from '@k1s/apimachinery'

/** A length of time: milliseconds, or a text as Go writes it, such as `30s`, `1m30s`, `250ms`. */
export type Duration = number | string

/** Milliseconds. Throws an Error that quotes what is no duration. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'string') return parseDuration(duration)
  if (typeof duration === 'number' && !Number.isNaN(duration)) return duration
  throw new RangeError(`${String(duration)} is no duration`)
}
