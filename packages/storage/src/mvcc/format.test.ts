import type { Unstructured } from '@k1s/apimachinery'
import { expect, test } from 'vitest'
import { MemoryEngine } from '../memory/memory-engine.ts'
import { storageKey, storagePrefix } from '../storage-key.ts'
import {
  encodeLog,
  encodeMeta,
  logKey,
  logType,
  metaKey,
  newState,
  setStateHeader,
  stateKey,
} from './layout.ts'
import { MvccStore } from './mvcc-store.ts'

const parts = { tenant: 'default', resource: 'things', namespace: 'default' }
const thing = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, namespace: 'default' },
})

test('a store of format 1 is read, and its log with what is added to it', async () => {
  const engine = new MemoryEngine()
  const key = storageKey({ ...parts, name: 'old' })
  const state = newState(JSON.stringify(thing('old')))
  setStateHeader(state, 2, 2, 0)
  const value = state.subarray(24)
  await engine.write((transaction) => {
    transaction.put(metaKey, encodeMeta({ format: 1, revision: 2, compactRevision: 0 }))
    transaction.put(stateKey(key), state)
    const record = { type: logType.created, time: Date.now(), key, value, previous: Buffer.alloc(0) }
    transaction.put(logKey(2), encodeLog(record))
  })
  const store = new MvccStore(engine)
  await store.create(storageKey({ ...parts, name: 'new' }), thing('new'))
  await store.guaranteedUpdate(key, (current) => ({ object: { ...current!, spec: { size: 1 } } }))
  const seen: string[] = []
  for await (const { type, object } of store.watch(storagePrefix(parts), { resourceVersion: '1' })) {
    const { name, resourceVersion } = (object as Unstructured).metadata
    seen.push(`${type} ${name} ${resourceVersion}`)
    if (seen.length === 3) break
  }
  expect(seen).toEqual(['ADDED old 2', 'ADDED new 3', 'MODIFIED old 4'])
  await store.close()
})
