import {
  type KubernetesObject,
  lastAppliedConfigAnnotation,
  lastAppliedConfiguration,
} from '@k1s/apimachinery'

/** A copy of the object that carries its own configuration in the annotation of client-side apply. */
export function withLastApplied<T extends KubernetesObject>(object: T): T {
  const annotations = {
    ...object.metadata.annotations,
    [lastAppliedConfigAnnotation]: lastAppliedConfiguration({ ...(object as KubernetesObject) }),
  }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/**
 * With `create` as {@link withLastApplied}; without, only an annotation that is there is brought up to date. Follows
 * CreateOrUpdateAnnotation of `k8s.io/kubectl/pkg/util/apply.go`.
 */
export function createOrUpdateLastApplied<T extends KubernetesObject>(create: boolean, object: T): T {
  const present = object.metadata.annotations?.[lastAppliedConfigAnnotation]
  return create || present ? withLastApplied(object) : object
}
