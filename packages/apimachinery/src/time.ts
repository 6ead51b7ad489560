/** The time as `metav1.Time` writes it: UTC, in seconds. `time` is in milliseconds since the epoch. */
export function formatTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** The time as `metav1.MicroTime` writes it. `time` is in milliseconds since the epoch, which is as exact as clocks here are. */
export function formatMicroTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23)}000Z`
}
