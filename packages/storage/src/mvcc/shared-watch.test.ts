import type { Unstructured } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { MemoryEngine } from '../memory/memory-engine.ts'
import { storageKey, storagePrefix } from '../storage-key.ts'
import { MvccStore } from './mvcc-store.ts'

const key = storageKey({ tenant: 'default', resource: 'configmaps', namespace: 'default', name: 'a' })
const prefix = storagePrefix({ tenant: 'default', resource: 'configmaps' })
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } }

async function firstObjects(store: MvccStore, options: { shared?: boolean }): Promise<Unstructured[]> {
  const objects: Unstructured[] = []
  for await (const event of store.watch<Unstructured>(prefix, { resourceVersion: '1', ...options })) {
    if (event.type === 'ERROR') throw new Error(event.object.message ?? '')
    if (objects.push(event.object) === 2) break
  }
  return objects
}

test('watches that only read get the same objects, decoded once, and others their own', async () => {
  await using store = new MvccStore(new MemoryEngine())
  await store.create(key, configMap)
  await store.delete(key)
  const shared = await firstObjects(store, { shared: true })
  const sharedToo = await firstObjects(store, { shared: true })
  const own = await firstObjects(store, {})
  for (const index of [0, 1]) {
    expect(sharedToo[index]).toBe(shared[index])
    expect(own[index]).not.toBe(shared[index])
    expect(own[index]).toEqual(shared[index])
  }
})
