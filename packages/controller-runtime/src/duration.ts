import { parseDuration } from '@k1s/apimachinery'

/** A length of time: milliseconds, or a text as Go writes it, such as `30s`, `1m30s`, `250ms`. */
export type Duration = number | string

/** Milliseconds. Throws an Error that quotes what is no duration. */
export function milliseconds(duration: Duration): number {
  if (Number.isNaN(duration)) throw new RangeError('NaN is no duration')
  return typeof duration === 'number' ? duration : parseDuration(duration)
}
