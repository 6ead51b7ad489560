import type { KubernetesObject, WatchEvent } from '@k1s/apimachinery'
import { MemoryEngine, MvccStore, type StorageChange, storageKey, storagePrefix } from '@k1s/storage'
import fc from 'fast-check'
import { expect, test } from 'vitest'

interface Counter extends KubernetesObject {
  value: number
}

const parts = { tenant: 'demo', resource: 'counters' }
const prefix = storagePrefix(parts)
const names = ['a', 'b', 'c']
const isEven = ({ value }: Counter) => value % 2 === 0

const operation = fc.record({
  name: fc.constantFrom(...names),
  /** Undefined removes. */
  value: fc.option(fc.nat(5), { nil: undefined }),
})

/** Whatever is possible: an object is created or updated, one that is there is removed. Every life has its own uid. */
async function write(
  store: MvccStore,
  operations: readonly (typeof operation extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const uids = new Map<string, string>()
  for (const [index, { name, value }] of operations.entries()) {
    const key = storageKey({ ...parts, name })
    if (value === undefined) {
      if (uids.delete(name)) await store.delete(key)
      continue
    }
    const uid = uids.get(name) ?? `${name}-${index}`
    uids.set(name, uid)
    const object = { apiVersion: 'v1', kind: 'Counter', metadata: { name, uid }, value, index }
    await store.guaranteedUpdate(key, () => ({ object }), { ignoreNotFound: true })
  }
}

async function eventsOf(store: MvccStore, since: string, predicate?: (object: Counter) => boolean) {
  const end = storageKey({ tenant: 'demo', resource: 'counters', name: 'end' })
  await store.create(end, { apiVersion: 'v1', kind: 'Counter', metadata: { name: 'end' }, value: 0 })
  const events: WatchEvent<Counter>[] = []
  for await (const event of store.watch<Counter>(prefix, {
    resourceVersion: since,
    ...(predicate && { predicate }),
  })) {
    if (event.type !== 'ERROR' && event.object.metadata.name === 'end') break
    events.push(event)
  }
  await store.delete(end)
  return events
}

/** From its definition: the events of one uid become one change. */
function collapse(
  before: readonly Counter[],
  events: readonly WatchEvent<Counter>[],
): StorageChange<Counter>[] {
  const previous = new Map(before.map((object) => [object.metadata.uid, object]))
  const last = new Map<string | undefined, WatchEvent<Counter>>()
  for (const event of events) {
    if (event.type === 'ERROR') throw new Error(event.object.message)
    last.delete(event.object.metadata.uid)
    last.set(event.object.metadata.uid, event)
  }
  return [...last].flatMap(([uid, event]): StorageChange<Counter>[] => {
    const was = previous.get(uid)
    const object = event.object as Counter
    if (event.type === 'DELETED') return was === undefined ? [] : [{ type: 'DELETED', object }]
    return was === undefined ? [{ type: 'ADDED', object }] : [{ type: 'MODIFIED', object, previous: was }]
  })
}

test.each([
  ['everything', undefined],
  ['what a predicate selects', isEven],
] as const)('changes of %s are the events of a watch, put together', async (_, predicate) => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 40 }), fc.nat(40), async (operations, at) => {
      await using store = new MvccStore(new MemoryEngine())
      await write(store, operations)
      const newest = await store.currentRevision()
      const since = String(Math.max(1, newest - at))
      const options = { ...(predicate && { predicate: predicate as (object: object) => boolean }) }
      const then = await store.getList<Counter>(prefix, {
        resourceVersion: since,
        resourceVersionMatch: 'Exact',
        ...options,
      })
      const found = await store.changes<Counter>(prefix, { resourceVersion: since, ...options })
      expect(found.resourceVersion).toBe(String(newest))
      expect(found.changes).toEqual(collapse(then.items, await eventsOf(store, since, predicate)))
    }),
  )
})
