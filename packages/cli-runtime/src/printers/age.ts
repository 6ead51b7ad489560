import { humanDuration } from '@k1s/apimachinery'

/** How long ago an RFC 3339 time was, as `get` shows it: `5m`, `3d4h`. A text that is no time stays as it is. */
export function formatAge(timestamp: string, now: number): string {
  if (timestamp === '') return '<unknown>'
  // V8 reads more as dates than there are: `5 d`, for one.
  const time = /^\d{4}-\d\d-\d\dT/.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  return Number.isNaN(time) ? timestamp : humanDuration(now - time)
}
