import type { KubernetesObject, Unstructured } from '@k1s/apimachinery'

/** `sigs.k8s.io/controller-runtime/pkg/event`. Objects belong to the cache: nobody changes them. */
export interface CreateEvent<T extends KubernetesObject = Unstructured> {
  readonly object: T
  /** The object was there before anybody looked. */
  readonly isInInitialList: boolean
}

export interface UpdateEvent<T extends KubernetesObject = Unstructured> {
  readonly objectOld: T
  readonly objectNew: T
}

export interface DeleteEvent<T extends KubernetesObject = Unstructured> {
  /** As it was last seen. */
  readonly object: T
  /** Its removal was not seen, only that it is gone. */
  readonly deleteStateUnknown: boolean
}

/** Something that no watch tells, such as a tick or a call from outside. */
export interface GenericEvent<T extends KubernetesObject = Unstructured> {
  readonly object: T
}
