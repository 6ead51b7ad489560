import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Kind } from '@k1s/core'
import type { Reader } from './cache/cache.ts'
import { ignoreNotFound } from './client/ignore-errors.ts'
import type { ReconcileContext, Reconciler, Result } from './reconcile.ts'

/** A reconciler that is given the object in place of a request for it: `reconcile.ObjectReconciler`. */
export interface ObjectReconciler<T extends KubernetesObject = Unstructured> {
  reconcile(object: T, context: ReconcileContext): Promise<Result | void> | Result | void
}

/**
 * Makes a reconciler of an {@link ObjectReconciler}: it gets the object first, and does nothing when that is gone:
 * `reconcile.AsReconciler`.
 */
export function asReconciler<T extends KubernetesObject>(
  client: Pick<Reader, 'get'>,
  kind: Kind<T>,
  reconciler: ObjectReconciler<T> | ObjectReconciler<T>['reconcile'],
): Reconciler {
  const reconcileObject: ObjectReconciler<T>['reconcile'] =
    typeof reconciler === 'function' ? reconciler : (object, context) => reconciler.reconcile(object, context)
  return {
    reconcile: async ({ namespace, name }, context) => {
      const key = namespace === '' ? { name } : { namespace, name }
      const object = await client.get(kind, key, { signal: context.signal }).catch(ignoreNotFound)
      return object === undefined ? undefined : await reconcileObject(object, context)
    },
  }
}
