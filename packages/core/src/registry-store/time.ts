import { type Clock, formatTime } from '@k1s/apimachinery'

let cachedSecond = 0
let cachedText = ''

/** The time as `metav1.Time` writes it: UTC, in seconds. */
export function timestamp(clock: Clock): string {
  const second = Math.floor(clock.now() / 1000)
  if (second !== cachedSecond) {
    cachedSecond = second
    cachedText = formatTime(second * 1000)
  }
  return cachedText
}
