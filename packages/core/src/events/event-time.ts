/** The time as `metav1.Time` writes it: UTC, in seconds. */
export function secondsText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** The time as `metav1.MicroTime` writes it. Clocks here tell milliseconds. */
export function microsecondsText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23)}000Z`
}
