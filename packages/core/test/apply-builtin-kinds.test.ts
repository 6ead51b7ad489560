import { isConflict, type Unstructured } from '@k1s/apimachinery'
import { createRuntime, type Runtime } from '@k1s/core'
import { afterAll, beforeAll, expect, test } from 'vitest'

let runtime: Runtime
beforeAll(async () => {
  runtime = await createRuntime({ storage: { type: 'memory' } })
})
afterAll(() => runtime.close())

const apply = (object: object, fieldManager: string) =>
  runtime.client.apply(object as Unstructured, { fieldManager })

/** What a manager owns of an object, as FieldsV1. */
function owned({ metadata }: Unstructured, manager: string): unknown {
  return metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1
}

test('each kind is merged by its own type', async () => {
  const account = (...names: string[]) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: 'default' },
    secrets: names.map((name) => ({ name })),
  })
  await apply(account('a'), 'first')
  const both = await apply(account('b'), 'second')
  expect(both.secrets).toEqual([{ name: 'a' }, { name: 'b' }])
  expect(owned(both, 'second')).toEqual({ 'f:secrets': { 'k:{"name":"b"}': {} } })

  const quota = await apply(
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few', namespace: 'default' },
      spec: { hard: { 'count/secrets': '2' }, scopeSelector: { matchExpressions: [] } },
    },
    'first',
  )
  expect(owned(quota, 'first')).toEqual({
    'f:spec': { 'f:hard': { 'f:count/secrets': {} }, 'f:scopeSelector': {} },
  })

  const lease = await apply(
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'leader', namespace: 'default' },
      spec: { holderIdentity: 'a', renewTime: '2026-01-31T12:00:00.000000Z' },
    },
    'first',
  )
  expect(owned(lease, 'first')).toEqual({ 'f:spec': { 'f:holderIdentity': {}, 'f:renewTime': {} } })
})

test('an Event is owned alike through both of its groups', async () => {
  const metadata = { name: 'e1', namespace: 'default' }
  const regarding = { kind: 'ConfigMap', name: 'a', namespace: 'default' }
  await apply({ apiVersion: 'v1', kind: 'Event', metadata, involvedObject: regarding, message: 'a' }, 'first')
  const conflict = await runtime.client
    .apply(
      { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata, regarding, note: 'b' } as Unstructured,
      { fieldManager: 'second' },
    )
    .catch((error) => error)
  expect(isConflict(conflict)).toBe(true)
})
