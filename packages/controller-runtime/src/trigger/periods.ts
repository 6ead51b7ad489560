import { milliseconds } from '../duration.ts'
import type { Trigger } from './trigger.ts'

/** How much too early a period may begin at most, milliseconds. */
const mostTooEarly = 60_000
/** The same as a share of the period, for those that are short. */
const shareTooEarly = 0.1

/** The shortest period of all periodic triggers, milliseconds; Infinity if there are none. */
function shortestPeriod(triggers: readonly Trigger[]): number {
  const periods = triggers.map((trigger) =>
    trigger.type === 'periodic' ? milliseconds(trigger.every) : Number.POSITIVE_INFINITY,
  )
  return Math.min(...periods)
}

/**
 * When the next period is to begin, if the last one began at `lastPeriod`; milliseconds since the epoch. Infinity without a
 * periodic trigger.
 */
export function nextPeriod(triggers: readonly Trigger[], lastPeriod: number): number {
  return lastPeriod + shortestPeriod(triggers)
}

/**
 * The beginning of the period that is to be looked at now, or undefined if none is. The first one begins at once. One that is not
 * over yet counts as over if only a tenth of it is missing, and no more than a minute: runs that come once a period are never
 * exactly as far apart as that. Such a period begins when it was to begin, and not now, so that there are never more of them than
 * the trigger says.
 */
export function periodToBegin(
  triggers: readonly Trigger[],
  lastPeriod: number | undefined,
  now: number,
): number | undefined {
  const period = shortestPeriod(triggers)
  if (period === Number.POSITIVE_INFINITY) return undefined
  if (lastPeriod === undefined) return now
  const beginsAt = lastPeriod + period
  const isDue = now >= beginsAt - Math.min(period * shareTooEarly, mostTooEarly)
  return isDue ? Math.max(beginsAt, now) : undefined
}

/** Whether a period is to be looked at now. */
export function isPeriodDue(
  triggers: readonly Trigger[],
  lastPeriod: number | undefined,
  now: number,
): boolean {
  return periodToBegin(triggers, lastPeriod, now) !== undefined
}
