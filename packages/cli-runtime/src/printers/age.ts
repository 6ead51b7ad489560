import { humanDuration } from '@k1s/apimachinery'

/** How long ago an RFC 3339 time was, as `get` shows it: `5m`, `3d4h`. A text that is no time stays as it is. */
export function formatAge(timestamp: string, now: number): string {
  if (timestamp === '') return '<unknown>'
  const time = Date.parse(timestamp)
  return Number.isNaN(time) ? timestamp : humanDuration(now - time)
}
