import { type Duration, milliseconds } from '../duration.ts'

/**
 * What makes a controller run.
 *
 * - `event`: something was written that it watches. It reconciles what was written since its last run.
 * - `periodic`: `every` has passed since the last period began. It reconciles all objects of the first kind that it watches. When
 *   that was is kept in the store, so that the period holds across processes.
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

/** Throws an Error for an unknown type, and for a period that is not longer than 0: such a controller would never rest. */
export function checkTrigger(trigger: Trigger): void {
  switch (trigger.type) {
    case 'event':
    case 'manual':
      return
    case 'periodic':
      if (milliseconds(trigger.every) > 0) return
      throw new Error(`the period of a trigger has to be more than 0, not ${trigger.every}`)
    default:
      throw new Error(
        `${JSON.stringify((trigger as { type: unknown }).type)} is no type of a trigger: there are event, periodic and manual`,
      )
  }
}
