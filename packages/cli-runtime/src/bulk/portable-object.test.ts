import type { Unstructured } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { portableObject } from './portable-object.ts'

const object = (kind: string, spec: object, metadata: object = {}): Unstructured => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'v1',
  kind,
  metadata: { name: 'a', ...metadata },
  spec,
})

const bound = { annotations: { 'pv.kubernetes.io/bind-completed': 'yes', mine: '1' } }

test.each<[string, Unstructured, Unstructured]>([
  [
    'a Service loses its addresses',
    object('Service', { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [{ port: 80 }] }),
    object('Service', { ports: [{ port: 80 }] }),
  ],
  [
    'a headless Service stays headless',
    object('Service', { clusterIP: 'None', clusterIPs: ['None'] }),
    object('Service', { clusterIP: 'None', clusterIPs: ['None'] }),
  ],
  [
    'a Job loses the uid by which it selects',
    object('Job', {
      selector: { matchLabels: { 'controller-uid': 'u' } },
      template: { metadata: { labels: { 'controller-uid': 'u', app: 'x' } }, spec: {} },
    }),
    object('Job', { template: { metadata: { labels: { app: 'x' } }, spec: {} } }),
  ],
  [
    'a Job that selects by choice keeps its selector',
    object('Job', { manualSelector: true, selector: { matchLabels: { app: 'x' } } }),
    object('Job', { manualSelector: true, selector: { matchLabels: { app: 'x' } } }),
  ],
  [
    'a Pod loses its node and token',
    object('Pod', {
      nodeName: 'n1',
      volumes: [{ name: 'kube-api-access-x2x9z', projected: {} }, { name: 'data' }],
      containers: [{ name: 'c', volumeMounts: [{ name: 'kube-api-access-x2x9z' }, { name: 'data' }] }],
    }),
    object('Pod', {
      volumes: [{ name: 'data' }],
      containers: [{ name: 'c', volumeMounts: [{ name: 'data' }] }],
    }),
  ],
  [
    'a volume keeps the name of its claim',
    object('PersistentVolume', { claimRef: { name: 'c', uid: 'u', resourceVersion: '1' } }, bound),
    object('PersistentVolume', { claimRef: { name: 'c' } }, { annotations: { mine: '1' } }),
  ],
  [
    'a claim keeps the name of its volume',
    object(
      'PersistentVolumeClaim',
      { volumeName: 'v' },
      { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    ),
    object('PersistentVolumeClaim', { volumeName: 'v' }),
  ],
  [
    'a Namespace loses what every namespace has',
    object(
      'Namespace',
      { finalizers: ['kubernetes'] },
      { uid: 'u', generation: 1, labels: { 'kubernetes.io/metadata.name': 'a' } },
    ),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
  ],
])('%s', (_, given, wanted) => {
  const before = structuredClone(given)
  expect(portableObject(given)).toEqual(wanted)
  expect(given).toEqual(before)
})

test('custom kinds of the same names keep everything', () => {
  const service = { ...object('Service', { clusterIP: '10.0.0.1' }), apiVersion: 'test.k1s.dev/v1' }
  expect(portableObject(service)).toEqual(service)
})
