import type { KubernetesObject } from '@k1s/apimachinery'
import type { Predicate } from '../predicate/predicate.ts'
import type { RequestQueue } from '../queue/request-queue.ts'
import type { KindSource } from './source.ts'

/** An object that is new to the source: its handler is told if all predicates let it through. */
export async function dispatchCreate<T extends KubernetesObject>(
  source: KindSource<T>,
  object: T,
  isInInitialList: boolean,
  queue: RequestQueue,
): Promise<void> {
  const event = { object: seen(source, object), isInInitialList }
  if (passes(source, (predicate) => predicate.create?.(event))) await source.handler.create?.(event, queue)
}

/** An object that changed, or of a resync. */
export async function dispatchUpdate<T extends KubernetesObject>(
  source: KindSource<T>,
  previous: T,
  object: T,
  queue: RequestQueue,
): Promise<void> {
  const event = { objectOld: seen(source, previous), objectNew: seen(source, object) }
  if (passes(source, (predicate) => predicate.update?.(event))) await source.handler.update?.(event, queue)
}

/** An object that is gone. */
export async function dispatchDelete<T extends KubernetesObject>(
  source: KindSource<T>,
  object: T,
  deleteStateUnknown: boolean,
  queue: RequestQueue,
): Promise<void> {
  const event = { object: seen(source, object), deleteStateUnknown }
  if (passes(source, (predicate) => predicate.delete?.(event))) await source.handler.delete?.(event, queue)
}

function passes<T extends KubernetesObject>(
  { predicates }: KindSource<T>,
  ask: (predicate: Predicate<T>) => boolean | undefined,
): boolean {
  return predicates.every((predicate) => ask(predicate) !== false)
}

/** What a source sees of an object. */
function seen<T extends KubernetesObject>({ onlyMetadata }: KindSource<T>, object: T): T {
  if (!onlyMetadata || object.kind === 'PartialObjectMetadata') return object
  const partial = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: object.metadata }
  return partial as T
}
