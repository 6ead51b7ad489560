import type { Clock } from '@k1s/apimachinery'

let cachedSecond = 0
let cachedText = ''

/** The time as `metav1.Time` writes it: UTC, in seconds. */
export function timestamp(clock: Clock): string {
  const second = Math.floor(clock.now() / 1000)
  if (second !== cachedSecond) {
    cachedSecond = second
    cachedText = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`
  }
  return cachedText
}
