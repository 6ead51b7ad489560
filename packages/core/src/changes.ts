import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { CallOptions } from './client.ts'

/** What to look at, and since when. */
export interface ChangesOptions extends CallOptions {
  /** Changes after this one, which a list, an object or earlier changes have had. */
  readonly resourceVersion: string
  /** Undefined looks at all namespaces. */
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /**
   * Each event is a change of its own, in place of one for each object: for who may have seen what there was in between. An API
   * server that is not embedded does not know, and answers as without it.
   */
  readonly everyEvent?: boolean
}

/** What became of the objects of a kind between two resource versions, in the order of their last changes. */
export interface Changes<T extends KubernetesObject = Unstructured> {
  /** Where these changes end and the next ones begin. */
  readonly resourceVersion: string
  readonly changes: readonly Change<T>[]
}

/**
 * What became of one object, however often it was written: events between are left out. An object that was removed and
 * created again, under another uid, is in two changes. With selectors, one that began or ceased to match was added or
 * deleted.
 */
export type Change<T extends KubernetesObject = Unstructured> =
  | { readonly type: 'ADDED'; readonly object: T }
  | { readonly type: 'MODIFIED'; readonly object: T; readonly previous: T }
  /** The object is as it last was. */
  | { readonly type: 'DELETED'; readonly object: T }
