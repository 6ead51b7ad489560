import { applyStrategicMergePatch } from '@k1s/apimachinery/strategic-merge'
import { expect, test } from 'vitest'
import { configMap } from '../builtin/types/config-map.ts'
import { namespace } from '../builtin/types/namespace.ts'
import { serviceAccount } from '../builtin/types/service-account.ts'
import { patchSchemaOf } from './patch-schema.ts'

test('lists with a merge key are merged by it, others are replaced', () => {
  const account = { secrets: [{ name: 'a', uid: '1' }], imagePullSecrets: [{ name: 'a' }] }
  const patch = { secrets: [{ name: 'b' }, { name: 'a', uid: '2' }], imagePullSecrets: [{ name: 'b' }] }
  expect(applyStrategicMergePatch(account, patch, patchSchemaOf(serviceAccount))).toEqual({
    secrets: [{ name: 'b' }, { name: 'a', uid: '2' }],
    imagePullSecrets: [{ name: 'b' }],
  })
})

test('finalizers are merged as a set, owners by uid', () => {
  const metadata = { finalizers: ['a'], ownerReferences: [{ uid: '1', name: 'x' }] }
  const patch = { metadata: { finalizers: ['b'], ownerReferences: [{ uid: '1', name: 'y' }] } }
  expect(applyStrategicMergePatch({ metadata }, patch, patchSchemaOf(configMap))).toEqual({
    metadata: { finalizers: ['b', 'a'], ownerReferences: [{ uid: '1', name: 'y' }] },
  })
})

test('fields answer with the names and kinds of Go', () => {
  const schema = patchSchemaOf(namespace)
  const conditions = schema.field('status')?.schema.field('conditions')
  expect([schema.kind, schema.name, schema.field('none')]).toEqual(['struct', 'Namespace', undefined])
  expect(conditions?.patchStrategies).toEqual(['merge'])
  expect(conditions?.patchMergeKey).toBe('type')
  expect(conditions?.schema.kind).toBe('slice')
  expect(conditions?.schema.element?.name).toBe('NamespaceCondition')
  expect(patchSchemaOf(configMap).field('binaryData')?.schema.kind).toBe('map')
})
