import type { KubernetesObject } from '@k1s/apimachinery'

/** Adds a finalizer to the object. False if it has it already. */
export function addFinalizer({ metadata }: KubernetesObject, finalizer: string): boolean {
  const finalizers = metadata.finalizers ?? []
  if (finalizers.includes(finalizer)) return false
  metadata.finalizers = [...finalizers, finalizer]
  return true
}

/** Removes a finalizer from the object, and the list with the last of them. False if it does not have it. */
export function removeFinalizer({ metadata }: KubernetesObject, finalizer: string): boolean {
  const finalizers = metadata.finalizers ?? []
  const others = finalizers.filter((each) => each !== finalizer)
  if (others.length === finalizers.length) return false
  if (others.length > 0) metadata.finalizers = others
  else delete metadata.finalizers
  return true
}

export function containsFinalizer({ metadata }: KubernetesObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false
}
