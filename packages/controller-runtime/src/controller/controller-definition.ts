import type { ResourceKind } from '@k1s/core'
import type { Reconciler } from '../reconcile.ts'
import type { Source } from '../source/source.ts'
import type { Trigger } from '../trigger/trigger.ts'
import type { ControllerOptions } from './controller-options.ts'

/** What an application says of a controller. */
export interface ControllerDefinition {
  /** A DNS label: also the Lease and the state of the controller have it in their names. */
  readonly name: string
  /** The kind that is reconciled, for logs. */
  readonly kind?: ResourceKind | undefined
  readonly reconciler: Reconciler
  readonly sources: readonly Source[]
  readonly triggers: readonly Trigger[]
  readonly options: ControllerOptions
}
