import { isJsonObject, type Unstructured } from '@k1s/apimachinery'
import type { DiscoveredResource } from '@k1s/core'
import { isNamespace } from './import-order.ts'
import { portableObject } from './portable-object.ts'

/** Namespaces that a cluster makes for itself. */
const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease'])

export function isSystemNamespace(namespace: string): boolean {
  return systemNamespaces.has(namespace)
}

/**
 * Whether the system makes the object by itself wherever it is needed, so that nobody has to move it. What users added
 * to such an object makes it theirs, where k1s can tell. What is in the system's namespaces is another question.
 */
export function isSystemObject({ group, kind }: DiscoveredResource, object: Unstructured): boolean {
  const { name = '', namespace = '', labels = {}, annotations = {} } = object.metadata
  if (isNamespace({ group, kind }))
    return isSystemNamespace(name) || (name === 'default' && isUntouched(object))
  switch (group === '' ? kind : `${kind}.${group}`) {
    case 'ServiceAccount':
      return name === 'default' && isUntouched(object)
    case 'ConfigMap':
      return name === 'kube-root-ca.crt'
    case 'Secret':
      // Bound to the uid of its ServiceAccount: the control plane makes a new one, and deletes this.
      return object.type === 'kubernetes.io/service-account-token'
    case 'Service':
      return name === 'kubernetes' && namespace === 'default'
    case 'Endpoints':
    case 'EndpointSlice.discovery.k8s.io':
      return (
        (name === 'kubernetes' && namespace === 'default') ||
        labels['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io' ||
        annotations['endpoints.kubernetes.io/last-change-trigger-time'] !== undefined
      )
    case 'Pod':
      return annotations['kubernetes.io/config.mirror'] !== undefined
    case 'Node':
    case 'CSINode.storage.k8s.io':
      return true
    case 'PriorityClass.scheduling.k8s.io':
      return name.startsWith('system-')
    case 'APIService.apiregistration.k8s.io':
      return labels['kube-aggregator.kubernetes.io/automanaged'] !== undefined
    case 'FlowSchema.flowcontrol.apiserver.k8s.io':
    case 'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io':
      return annotations['apf.kubernetes.io/autoupdate-spec'] !== undefined
    default:
      return labels['kubernetes.io/bootstrapping'] === 'rbac-defaults'
  }
}

/** Whether an object has no more than the system gave it: then it may be replaced, and need not be kept. */
export function isUntouched(object: Unstructured): boolean {
  const { apiVersion: _, kind: __, metadata, ...rest } = portableObject(object)
  const { name: ___, namespace: ____, ...more } = metadata
  return Object.values({ ...more, ...rest }).every(isEmpty)
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return isJsonObject(value) && Object.keys(value).length === 0
}
