import { newInternalError, newNotFound, type Unstructured } from '@k1s/apimachinery'
import { expect, test, vi } from 'vitest'
import type { ReconcileContext } from './reconcile.ts'
import { asReconciler } from './reconcile-object.ts'

const ConfigMap = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true }
const object: Unstructured = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'ns', name: 'cm' },
}
const silent = { debug() {}, info() {}, error() {}, withValues: () => silent, withName: () => silent }
const context: ReconcileContext = { signal: new AbortController().signal, log: silent, reconcileID: 'id' }

test('the reconciler is given the object of the request', async () => {
  const get = vi.fn(async () => object)
  const reconcile = vi.fn(() => ({ requeueAfter: '1m' }))
  const result = await asReconciler(reader(get), ConfigMap, { reconcile }).reconcile(request('ns'), context)
  expect(result).toEqual({ requeueAfter: '1m' })
  expect(get).toHaveBeenCalledWith(ConfigMap, { namespace: 'ns', name: 'cm' }, { signal: context.signal })
  expect(reconcile).toHaveBeenCalledWith(object, context)
})

test('a function is a reconciler too', async () => {
  const reconcile = vi.fn(async () => {})
  await asReconciler(
    reader(async () => object),
    ConfigMap,
    reconcile,
  ).reconcile(request('ns'), context)
  expect(reconcile).toHaveBeenCalledWith(object, context)
})

test('a cluster-scoped object is asked for without a namespace', async () => {
  const get = vi.fn(async () => object)
  await asReconciler(reader(get), ConfigMap, () => {}).reconcile(request(''), context)
  expect(get).toHaveBeenCalledWith(ConfigMap, { name: 'cm' }, { signal: context.signal })
})

test('nothing happens when the object is gone', async () => {
  const reconcile = vi.fn()
  const gone = reader(() => Promise.reject(newNotFound({ group: '', resource: 'configmaps' }, 'cm')))
  expect(await asReconciler(gone, ConfigMap, reconcile).reconcile(request('ns'), context)).toBeUndefined()
  expect(reconcile).not.toHaveBeenCalled()
})

test('other errors of the client, and those of the reconciler, are thrown', async () => {
  const broken = reader(() => Promise.reject(newInternalError(new Error('broken'))))
  await expect(asReconciler(broken, ConfigMap, () => {}).reconcile(request('ns'), context)).rejects.toThrow(
    'broken',
  )
  const notFound = () => Promise.reject(newNotFound({ group: '', resource: 'secrets' }, 'other'))
  const reconciler = asReconciler(
    reader(async () => object),
    ConfigMap,
    notFound,
  )
  await expect(reconciler.reconcile(request('ns'), context)).rejects.toThrow('secrets "other" not found')
})

function request(namespace: string) {
  return { namespace, name: 'cm' }
}

function reader(get: (...args: unknown[]) => Promise<Unstructured>) {
  return { get: get as never }
}
