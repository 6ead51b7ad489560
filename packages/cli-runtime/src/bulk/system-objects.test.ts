import type { Unstructured } from '@k1s/apimachinery'
import type { DiscoveredResource } from '@k1s/core'
import { expect, test } from 'vitest'
import { isSystemObject } from './system-objects.ts'

function isSystem(type: string, metadata: object, fields: object = {}): boolean {
  const [kind = '', ...group] = type.split('.')
  const object = { apiVersion: 'v1', kind, metadata, ...fields } as Unstructured
  return isSystemObject({ group: group.join('.'), kind } as DiscoveredResource, object)
}

test.each<[string, object, object?]>([
  ['Namespace', { name: 'kube-public' }],
  ['Namespace', { name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' } }],
  ['ServiceAccount', { name: 'default', namespace: 'shop' }],
  ['ConfigMap', { name: 'kube-root-ca.crt', namespace: 'shop' }],
  ['Secret', { name: 'default-token-x' }, { type: 'kubernetes.io/service-account-token' }],
  ['Service', { name: 'kubernetes', namespace: 'default' }],
  ['Node', { name: 'n1' }],
  ['Pod', { name: 'etcd-n1', annotations: { 'kubernetes.io/config.mirror': 'x' } }],
  [
    'EndpointSlice.discovery.k8s.io',
    { labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } },
  ],
  ['ClusterRole.rbac.authorization.k8s.io', { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } }],
  ['PriorityClass.scheduling.k8s.io', { name: 'system-node-critical' }],
  ['APIService.apiregistration.k8s.io', { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } }],
])('the system makes %s %j by itself', (type, metadata, fields) => {
  expect(isSystem(type, metadata, fields)).toBe(true)
})

test.each<[string, object, object?]>([
  ['Namespace', { name: 'shop' }],
  ['Namespace', { name: 'default', annotations: { owner: 'ann' } }],
  ['ServiceAccount', { name: 'default' }, { imagePullSecrets: [{ name: 's' }] }],
  ['ServiceAccount', { name: 'builder' }],
  ['Secret', { name: 's' }, { type: 'Opaque' }],
  ['Service', { name: 'kubernetes', namespace: 'shop' }],
  ['EndpointSlice.discovery.k8s.io', { name: 'external' }],
  ['ClusterRole.rbac.authorization.k8s.io', { name: 'mine' }],
  ['Node.example.com', { name: 'n1' }],
])('users own %s %j', (type, metadata, fields) => {
  expect(isSystem(type, metadata, fields)).toBe(false)
})
