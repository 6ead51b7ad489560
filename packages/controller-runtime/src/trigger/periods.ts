import { milliseconds } from '../duration.ts'
import type { Trigger } from './trigger.ts'

/** When the next period of each periodic trigger begins, if the last one of all began at `lastPeriod`; milliseconds since the epoch. */
export function nextPeriods(triggers: readonly Trigger[], lastPeriod: number): number[] {
  return triggers.flatMap((trigger) =>
    trigger.type === 'periodic' ? [lastPeriod + milliseconds(trigger.every)] : [],
  )
}

/** Whether a period begins now. The first one begins at once. */
export function isPeriodDue(
  triggers: readonly Trigger[],
  lastPeriod: number | undefined,
  now: number,
): boolean {
  if (lastPeriod === undefined) return triggers.some(({ type }) => type === 'periodic')
  return nextPeriods(triggers, lastPeriod).some((beginsAt) => now >= beginsAt)
}
