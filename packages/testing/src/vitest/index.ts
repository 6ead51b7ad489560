import type { KubernetesObject } from '@k1s/apimachinery'
import { expect } from 'vitest'
import type { ConditionDetails } from '../assertions/condition.ts'
import type { EventDetails } from '../assertions/event.ts'
import type { OwnerDetails } from '../assertions/owner.ts'
import type { StatusErrorDetails } from '../assertions/status-error.ts'
import { matchers } from './matchers.ts'

/**
 * What `expect` of Vitest can do once this module was imported, by a test or among `setupFiles`. Messages show what was there.
 */
export interface KubernetesMatchers<R> {
  /** `status.conditions` has one of this type and status. Default of the status: `True`. */
  toHaveCondition(type: string, status?: string, details?: ConditionDetails): R
  /** One of the owner references is to this object, in any version of its group. */
  toBeOwnedBy(owner: KubernetesObject, details?: OwnerDetails): R
  toHaveFinalizer(finalizer: string): R
  /** A StatusError for which all details hold. */
  toBeStatusError(details?: StatusErrorDetails): R
  /** `await expect(env).toHaveEvent(item, { reason: 'LowStock' })`, of an environment or a client: there is an Event about the object for which all details hold. */
  toHaveEvent(object: KubernetesObject, details?: EventDetails): Promise<void>
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: all declarations of an interface have to have the same parameters.
  interface Matchers<T = any> extends KubernetesMatchers<T> {}
}

expect.extend(matchers)

export { matchers }
