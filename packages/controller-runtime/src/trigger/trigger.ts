import { type Duration, milliseconds } from '../duration.ts'

/**
 * What makes a controller run.
 *
 * - `event`: what was written since it last looked.
 * - `periodic`: every so often all objects of its kind. How long ago that was is kept in the store, so that it holds
 *   across processes too.
 * - `manual`: somebody asks for it by its name. Then what was written since it last looked.
 */
export type Trigger =
  | { readonly type: 'event' }
  | { readonly type: 'periodic'; readonly every: Duration }
  | { readonly type: 'manual' }

/** Throws an Error for a trigger of no known type, and for a period that is over when it begins, after which nothing would rest. */
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
