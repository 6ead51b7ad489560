import { parseDuration } from '@k1s/apimachinery'

/** Milliseconds from `30s`, `5m`, `1h30m`; a plain number is seconds. */
export function parseDurationFlag(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text)
}
