import { type Clock, isDNS1123Subdomain, systemClock } from '@k1s/apimachinery'

/** `util.GenerateEventName`: the object's name and the time in hexadecimal, or a UUID where no object can be named so. */
export function generateEventName(objectName: string, nanoseconds: bigint): string {
  const name = `${objectName}.${nanoseconds.toString(16)}`
  return isDNS1123Subdomain(name).length === 0 ? name : crypto.randomUUID()
}

/** By the clock that gave them, for all broadcasters of this process that have it. */
const lastNanoseconds = new WeakMap<Clock, bigint>()

/**
 * Nanoseconds since the epoch, each time later ones: of two Events with one name the second is lost. What the clock of this
 * machine does not tell is made up, so that two processes differ as well.
 */
export function uniqueNanoseconds(clock: Clock): bigint {
  const withinMillisecond = clock === systemClock ? process.hrtime.bigint() % 1_000_000n : 0n
  const now = BigInt(Math.floor(clock.now())) * 1_000_000n + withinMillisecond
  const last = lastNanoseconds.get(clock) ?? 0n
  const next = now > last ? now : last + 1n
  lastNanoseconds.set(clock, next)
  return next
}
