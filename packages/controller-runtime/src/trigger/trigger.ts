import { checkFields } from '@k1s/apimachinery'
import { type Duration, milliseconds } from '../duration.ts'
import { messageOf } from '../printable-error.ts'

/**
 * What makes a controller run.
 *
 * - `event`: something was written that it watches. It reconciles what was written since its last run.
 * - `periodic`: `every` has passed since the last period began. It reconciles all objects of the first kind that it watches. When
 *   that was is kept in the store, so that the period holds across processes. A run that is early by a tenth of the period, and by
 *   a minute at most, does so too, as runs that come once a period never come exactly then.
 * - `manual`: somebody runs it by its name. It reconciles what was written since its last run.
 */
export type Trigger =
  | { readonly type: 'event' }
  | { readonly type: 'periodic'; readonly every: Duration }
  | { readonly type: 'manual' }

/** Whether events make a controller with these triggers run. */
export function isTriggeredByEvents(triggers: readonly Trigger[]): boolean {
  return triggers.some(({ type }) => type === 'event')
}

/** Whether a controller with these triggers runs without being named: one that is only `manual` does not. */
export function isAutomatic(triggers: readonly Trigger[]): boolean {
  return triggers.some(({ type }) => type !== 'manual')
}

/**
 * Throws an Error for an unknown type or field, and for a period that is not longer than 0: such a controller would never rest.
 */
export function checkTrigger(trigger: Trigger): void {
  const { type } = trigger
  switch (type) {
    case 'event':
    case 'manual':
      checkFields(`withTrigger: ${type}`, trigger, { type: true })
      return
    case 'periodic':
      checkFields(`withTrigger: ${type}`, trigger, { type: true, every: true })
      checkPeriod(trigger.every)
      return
    default:
      throw new Error(`${JSON.stringify(type)} is no type of a trigger: there are event, periodic and manual`)
  }
}

function checkPeriod(every: Duration): void {
  if (every === undefined) {
    throw new TypeError('withTrigger: periodic: every is missing: a text such as 30s or 10m, or milliseconds')
  }
  let period: number
  try {
    period = milliseconds(every)
  } catch (error) {
    throw new Error(`withTrigger: periodic: every: ${messageOf(error)}`, { cause: error })
  }
  if (period > 0) return
  throw new Error(`the period of a trigger has to be more than 0, not ${every}`)
}
