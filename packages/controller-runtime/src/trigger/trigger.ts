import type { Duration } from '../duration.ts'

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
