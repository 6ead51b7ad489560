import { isJsonObject, type Unstructured } from '@k1s/apimachinery'
import { readFieldPath, writeFieldPath } from '../field-path.ts'
import type { ScaleSubresource } from '../resource-definition.ts'

export const scaleApiVersion = 'autoscaling/v1'

/**
 * `autoscaling/v1` Scale of an object, by the paths of its scale subresource: `scaleFromCustomResource` of
 * `k8s.io/apiextensions-apiserver/pkg/registry/customresource/etcd.go`.
 */
export function scaleOf(object: Unstructured, paths: ScaleSubresource): Unstructured {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = readFieldPath(object, paths.specReplicasPath)
  const statusReplicas = readFieldPath(object, paths.statusReplicasPath)
  const selector = paths.labelSelectorPath && readFieldPath(object, paths.labelSelectorPath)
  return {
    apiVersion: scaleApiVersion,
    kind: 'Scale',
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: typeof replicas === 'number' && replicas !== 0 ? { replicas } : {},
    status: {
      replicas: typeof statusReplicas === 'number' ? statusReplicas : 0,
      ...(typeof selector === 'string' && selector !== '' && { selector }),
    },
  }
}

/** Gives an object the replicas of its Scale, which admission may have changed. */
export function takeReplicas(object: Unstructured, { spec }: Unstructured, paths: ScaleSubresource): void {
  writeFieldPath(object, paths.specReplicasPath, isJsonObject(spec) ? (spec.replicas ?? 0) : 0)
}
