import type { KubernetesList, KubernetesObject, Unstructured } from '@k1s/apimachinery'
import type { Table } from '@k1s/core'
import type { Printable } from './printer.ts'

export function isTable(object: Printable): object is Table {
  return object.kind === 'Table' && object.apiVersion.startsWith('meta.k8s.io/')
}

/** Whether an object holds others in `items`, as `meta.IsListType`. */
export function isList(object: Printable): object is KubernetesList {
  return 'items' in object && Array.isArray(object.items)
}

/** Objects wrapped into a `v1` List, as kubectl prints several. */
export function toList(items: readonly KubernetesObject[], resourceVersion = ''): KubernetesList {
  return { apiVersion: 'v1', items: items as Unstructured[], kind: 'List', metadata: { resourceVersion } }
}
