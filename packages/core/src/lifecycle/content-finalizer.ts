import type { Unstructured } from '@k1s/apimachinery'

/** Whether a namespace is not known to be empty: its specification, not its metadata, then has a finalizer. */
export function hasContentFinalizer(namespace: Unstructured): boolean {
  const { finalizers = [] } = (namespace.spec ?? {}) as { finalizers?: unknown[] }
  return finalizers.length > 0
}
