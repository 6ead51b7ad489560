import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Unstructured } from '@k1s/apimachinery'
import {
  MemoryEngine,
  MvccStore,
  type StorageInterface,
  type StorageList,
  storageKey,
  storagePrefix,
} from '@k1s/storage'
import { LmdbEngine } from '@k1s/storage-lmdb'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const namespaces = ['a', 'a-b']
const names = ['x', 'y', 'ü', '漢', '🎉', '\uffee', 'x.y', 'x-y']
const all = storagePrefix({ tenant: 'demo', resource: 'configmaps' })
const within = (namespace: string) => storagePrefix({ tenant: 'demo', resource: 'configmaps', namespace })
const keyOf = ([namespace, name]: [string, string]) =>
  storageKey({ tenant: 'demo', resource: 'configmaps', namespace, name })

const place = fc.tuple(fc.constantFrom(...namespaces), fc.constantFrom(...names))
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('put' as const), place, value: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), place }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('compact' as const), back: fc.nat(10) }) },
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** What the store should hold: for each revision, the value of every key. */
interface Model {
  compacted: number
  /** From revision 1 on. */
  states: Map<string, { value: number; revision: number }>[]
  events: string[]
}

const engines = {
  memory: () => new MemoryEngine(),
  lmdb: (directory: string) => new LmdbEngine({ path: directory }),
}

test.each(Object.entries(engines))('%s does what a simple model does', async (_, open) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (operations, limit) => {
        const directory = mkdtempSync(`${tmpdir()}/k1s-random-`)
        try {
          await using store = new MvccStore(open(directory))
          const model: Model = { compacted: 0, states: [new Map()], events: [] }
          const pinned = new Map<number, { token: string; first: string[] }>()
          for (const next of operations) {
            await apply(store, model, next)
            const page = await store.getList(all, { limit })
            if (page.continue !== undefined) {
              pinned.set(model.states.length, { token: page.continue, first: page.items.map(describe) })
            }
          }
          await compare(store, model, limit, pinned)
        } finally {
          rmSync(directory, { recursive: true })
        }
      },
    ),
    { numRuns: 40 },
  )
})

async function apply(store: StorageInterface, model: Model, next: Operation): Promise<void> {
  const revision = model.states.length
  if (next.type === 'compact') {
    const target = Math.max(0, revision - next.back)
    await store.compact(target)
    model.compacted = Math.max(model.compacted, target)
    return
  }
  const key = keyOf(next.place)
  const state = new Map(model.states.at(-1))
  const before = state.get(key)
  if (next.type === 'delete') {
    if (before === undefined) {
      await expect(store.delete(key)).rejects.toThrow('not found')
      return
    }
    await store.delete(key)
    state.delete(key)
    model.events.push(`DELETED ${key} ${before.value} ${revision + 1}`)
  } else {
    const object = configMap(next.place, next.value)
    await store.guaranteedUpdate(key, () => ({ object }), { ignoreNotFound: true })
    if (before?.value === next.value) return
    state.set(key, { value: next.value, revision: revision + 1 })
    model.events.push(`${before ? 'MODIFIED' : 'ADDED'} ${key} ${next.value} ${revision + 1}`)
  }
  model.states.push(state)
}

async function compare(
  store: StorageInterface,
  model: Model,
  limit: number,
  pinned: Map<number, { token: string; first: string[] }>,
): Promise<void> {
  const current = model.states.length
  expect(await store.currentRevision()).toBe(current)
  expect((await store.stats(all)).count).toBe(model.states.at(-1)!.size)
  for (const namespace of namespaces) {
    const list = await store.getList(within(namespace))
    expect(list.items.map(describe)).toEqual(
      expected(model, current).filter((text) => text.startsWith(within(namespace))),
    )
  }
  for (let revision = Math.max(model.compacted, 1); revision <= current; revision++) {
    const exact = { resourceVersion: String(revision), resourceVersionMatch: 'Exact' } as const
    expect((await store.getList(all, exact)).items.map(describe)).toEqual(expected(model, revision))
    const events: string[] = []
    const remaining = model.events.slice(revision - 1)
    if (remaining.length === 0) continue
    for await (const event of store.watch(all, { resourceVersion: String(revision) })) {
      if (event.type === 'ERROR') throw new Error(event.object.message)
      events.push(`${event.type} ${describe(event.object)}`)
      if (events.length === remaining.length) break
    }
    expect(events).toEqual(remaining)
  }
  for (const [revision, { token, first }] of pinned) {
    if (revision < model.compacted) continue
    const items = [...first]
    let next: string | undefined = token
    while (next !== undefined) {
      const page: StorageList<Unstructured> = await store.getList(all, {
        limit,
        continue: next,
      })
      items.push(...page.items.map(describe))
      const left = model.states[revision - 1]!.size - items.length
      expect(page.remainingItemCount ?? 0).toBe(left)
      next = page.continue
    }
    expect(items).toEqual(expected(model, revision))
  }
}

function expected(model: Model, revision: number): string[] {
  return [...model.states[revision - 1]!]
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, { value, revision }]) => `${key} ${value} ${revision}`)
}

function configMap([namespace, name]: [string, string], value: number) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: { value } }
}

function describe({ metadata, data }: Unstructured): string {
  const { value } = data as { value: number }
  return `${keyOf([metadata.namespace!, metadata.name!])} ${value} ${metadata.resourceVersion}`
}
