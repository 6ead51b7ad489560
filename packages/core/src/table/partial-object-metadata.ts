import type { KubernetesList, KubernetesObject, ObjectMeta } from '@k1s/apimachinery'

/** `metav1.PartialObjectMetadata`: an object of any kind without its content. */
export interface PartialObjectMetadata extends KubernetesObject {
  kind: 'PartialObjectMetadata'
  apiVersion: 'meta.k8s.io/v1'
  metadata: ObjectMeta
}

export interface PartialObjectMetadataList extends KubernetesList<PartialObjectMetadata> {
  kind: 'PartialObjectMetadataList'
  apiVersion: 'meta.k8s.io/v1'
}

/** `meta.AsPartialObjectMetadata` of `k8s.io/apimachinery`. The metadata is the object's own. */
export function asPartialObjectMetadata({ metadata }: KubernetesObject): PartialObjectMetadata {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}

export function asPartialObjectMetadataList({ metadata, items }: KubernetesList): PartialObjectMetadataList {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    items: items.map(asPartialObjectMetadata),
  }
}
