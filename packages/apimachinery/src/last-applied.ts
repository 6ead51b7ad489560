import { canonicalJson } from './json-codec.ts'
import { isJsonObject, type JsonObject } from './json-value.ts'

/** The annotation in which client-side apply keeps what it applied last. */
export const lastAppliedConfigAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The text that `kubectl apply` keeps in {@link lastAppliedConfigAnnotation}: the object without that
 * annotation, always with `metadata.annotations`, as canonical JSON with a line feed. Follows
 * `GetModifiedConfiguration` of `k8s.io/kubectl/pkg/util/apply.go`.
 */
export function lastAppliedConfiguration(object: JsonObject): string {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {}
  const annotations = isJsonObject(metadata.annotations) ? metadata.annotations : {}
  const { [lastAppliedConfigAnnotation]: _, ...kept } = annotations
  return `${canonicalJson({ ...object, metadata: { ...metadata, annotations: kept } })}\n`
}
