import type { KubernetesObject } from '@k1s/apimachinery'
import type { Kind } from '@k1s/core'
import type { EventHandler } from '../handler/event-handler.ts'
import type { Predicate } from '../predicate/predicate.ts'
import type { RequestQueue } from '../queue/request-queue.ts'

/**
 * Where events come from: `source.Source`. Those of a kind are replayed from the store by a triggered run; others only
 * exist while the manager is running.
 */
export type Source = KindSource | RunningSource

/** Events of the objects of a kind. Made by `kindSource`. */
export interface KindSource<T extends KubernetesObject = KubernetesObject> {
  readonly type: 'Kind'
  readonly kind: Kind<T>
  readonly handler: EventHandler<T>
  readonly predicates: readonly Predicate<T>[]
  /** Only metadata is kept and given to the handler. */
  readonly onlyMetadata: boolean
}

/** Events of something else: a channel, a function. */
export interface RunningSource {
  readonly type: 'Running'
  /** What it is called in logs and errors. */
  readonly name: string
  /**
   * Resolves when events are coming in; they come in until the signal aborts. `onError` takes what goes wrong with one of
   * them later.
   */
  start(queue: RequestQueue, signal: AbortSignal, onError: (error: unknown) => void): Promise<void>
}
