import { formatGroupVersionKind, formatGroupVersionResource, quote } from '@k1s/apimachinery'
import type { Info } from '@k1s/cli-runtime'

/** As Info.String of `k8s.io/cli-runtime/pkg/resource`. */
export function describeInfo({ mapping, name, namespace }: Info): string {
  const resource = formatGroupVersionResource({ ...mapping, resource: mapping.plural })
  return `Resource: ${quote(resource)}, GroupVersionKind: ${quote(formatGroupVersionKind(mapping))}
Name: ${quote(name)}, Namespace: ${quote(namespace)}`
}
