import { expect, test } from 'vitest'
import { lastAppliedConfiguration } from './last-applied.ts'

test('is what kubectl apply writes: with annotations, without itself, with a line feed', () => {
  const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { k: '<b>' } }
  expect(lastAppliedConfiguration(object)).toBe(
    '{"apiVersion":"v1","data":{"k":"\\u003cb\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a"}}\n',
  )
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', x: 'y' }
  expect(lastAppliedConfiguration({ ...object, metadata: { name: 'a', annotations } })).toContain(
    '"annotations":{"x":"y"}',
  )
  expect(Object.keys(annotations)).toHaveLength(2)
})
