import type { KubernetesObject } from '@k1s/apimachinery'
import type { Kind } from '@k1s/core'
import type { EventHandler } from '../handler/event-handler.ts'
import type { Predicate } from '../predicate/predicate.ts'
import type { KindSource } from './source.ts'

export interface KindSourceOptions<T extends KubernetesObject> {
  /** Events have to pass all of them. */
  readonly predicates?: readonly Predicate<T>[]
  /** Keep and hand over metadata only. Default: false. */
  readonly onlyMetadata?: boolean
}

/** Events of the objects of a kind: `source.Kind`. */
export function kindSource<T extends KubernetesObject>(
  kind: Kind<T>,
  handler: EventHandler<T>,
  { predicates = [], onlyMetadata = false }: KindSourceOptions<T> = {},
): KindSource<T> {
  return { type: 'Kind', kind, handler, predicates, onlyMetadata }
}
