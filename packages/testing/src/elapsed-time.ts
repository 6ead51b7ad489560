import { type Duration, milliseconds } from '@k1s/controller-runtime'

/** Milliseconds of time that can pass. Throws an Error that says what it would be for if it cannot. */
export function elapsedTime(what: string, duration: Duration): number {
  const ms = milliseconds(duration)
  if (ms >= 0 && Number.isFinite(ms)) return ms
  throw new RangeError(`${what} is a duration from 0 on, which ${duration} is not`)
}
