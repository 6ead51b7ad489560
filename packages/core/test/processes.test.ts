import { openStorage, storagePrefix } from '@k1s/storage'
import { expect, test, vi } from 'vitest'
import { failure } from './each-store.ts'
import { ConfigMaps, configMap, Items, item, Namespaces, namespace } from './kinds.ts'
import { processSandbox, type RunningProcess } from './process-sandbox.ts'

const sandbox = processSandbox()
const { start, withRuntime, left } = sandbox

const many = (count: number, make: (index: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

/** Kills a process once some of the ConfigMaps are gone, and says how many are left. */
async function killInTheMiddle({ child, next, ended }: RunningProcess, of: number): Promise<number> {
  const storage = await openStorage({ type: 'lmdb', path: sandbox.path })
  const prefix = storagePrefix({ tenant: 'default', resource: 'configmaps' })
  await next()
  while ((await storage.stats(prefix)).count >= of - 100)
    await new Promise((resolve) => setImmediate(resolve))
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  const { count } = await storage.stats(prefix)
  await storage.close()
  return count
}

test('a namespace whose deletion was killed in the middle is emptied by the next writer', async () => {
  await withRuntime(async (client) => {
    await client.create(namespace('big'))
    await many(2_000, (index) =>
      client.create(configMap(`c${index}`, { metadata: { name: `c${index}`, namespace: 'big' } })),
    )
  })
  const count = await killInTheMiddle(start('delete-namespace', 'big'), 2_000)
  expect(count).toBeGreaterThan(0)
  const before = await left()
  expect(before.tasks).toContain('namespace big')
  await withRuntime(async (client) => {
    expect((await client.list(ConfigMaps)).items).toHaveLength(before.count)
    await client.create(configMap('first'))
    expect((await client.list(ConfigMaps)).items.map(({ metadata }) => metadata.name)).toEqual(['first'])
    expect(await failure(client.get(Namespaces, { name: 'big' }))).toMatchObject({ code: 404 })
  })
  expect(await left()).toEqual({ count: 1, tasks: [] })
})

test('a foreground deletion that was killed in the middle is finished by the next writer', async () => {
  await withRuntime(async (client) => {
    const owner = await client.create(configMap('owner'))
    const reference = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'owner',
      uid: owner.metadata.uid!,
      blockOwnerDeletion: true,
    }
    await many(1_000, (index) =>
      client.create(
        configMap(`d${index}`, { metadata: { name: `d${index}`, ownerReferences: [reference] } }),
      ),
    )
  })
  expect(await killInTheMiddle(start('delete-foreground', 'owner'), 1_001)).toBeGreaterThan(0)
  expect((await left()).tasks).not.toEqual([])
  expect(await start('write', 'first').ended).toBe(0)
  expect(await left()).toEqual({ count: 1, tasks: [] })
})

test('dependents of an owner whose background deletion was killed are collected by the next writer', async () => {
  await withRuntime(async (client) => {
    const owner = await client.create(configMap('owner'))
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid! }
    await many(1_000, (index) =>
      client.create(
        configMap(`d${index}`, { metadata: { name: `d${index}`, ownerReferences: [reference] } }),
      ),
    )
  })
  expect(await killInTheMiddle(start('delete', 'owner'), 1_001)).toBeGreaterThan(0)
  expect(await start('write', 'first').ended).toBe(0)
  expect(await left()).toEqual({ count: 1, tasks: [] })
})

test('a process that goes on writing finishes what another left behind meanwhile', async () => {
  await withRuntime(async (client) => {
    const owner = await client.create(configMap('owner'))
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid! }
    await many(1_000, (index) =>
      client.create(
        configMap(`d${index}`, { metadata: { name: `d${index}`, ownerReferences: [reference] } }),
      ),
    )
    const count = await killInTheMiddle(start('delete', 'owner'), 1_001)
    expect(count).toBeGreaterThan(0)
    await client.create(configMap('first'))
    expect((await left()).count).toBe(count + 1)
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 10_000)
    try {
      await client.create(configMap('second'))
    } finally {
      now.mockRestore()
    }
    expect(await left()).toEqual({ count: 2, tasks: [] })
  })
})

test('a writer that finds the deletion of a live process under way gets along with it', async () => {
  await withRuntime(async (client) => {
    await client.create(namespace('big'))
    await many(1_000, (index) =>
      client.create(configMap(`c${index}`, { metadata: { name: `c${index}`, namespace: 'big' } })),
    )
  })
  const deleting = start('delete-namespace', 'big')
  await deleting.next()
  const writers = ['a', 'b'].map((name) => start('write', name))
  for (const { ended } of [deleting, ...writers]) expect(await ended).toBe(0)
  expect(await left()).toEqual({ count: 2, tasks: [] })
})

test('merge patches of several processes lose nothing', async () => {
  await withRuntime((client) => client.create(configMap('shared')))
  const patchers = Array.from({ length: 3 }, () => start('patch', { name: 'shared', rounds: 60 }))
  for (const { ended } of patchers) expect(await ended).toBe(0)
  const { data } = await withRuntime((client) => client.get(ConfigMaps, { name: 'shared' }))
  expect(Object.keys(data ?? {})).toHaveLength(180)
})

test('optimistic updates of several processes lose nothing', async () => {
  await withRuntime((client) => client.create(configMap('shared')))
  const writers = Array.from({ length: 3 }, () => start('increment', { name: 'shared', rounds: 60 }))
  for (const { ended } of writers) expect(await ended).toBe(0)
  const { data } = await withRuntime((client) => client.get(ConfigMaps, { name: 'shared' }))
  expect(data).toEqual({ value: '180' })
})

test('creates that race with the deletion of their namespace by another process leave no orphan', async () => {
  await withRuntime(async (client) => {
    for (let round = 0; round < 3; round++) {
      await client.create(namespace('busy'))
      const filling = [start('fill', 'busy'), start('fill', 'busy')]
      for (const { next } of filling) {
        await next()
        await next()
      }
      await client.delete(Namespaces, { name: 'busy' })
      for (const { ended } of filling) expect(await ended).toBe(0)
      expect((await client.list(ConfigMaps)).items).toEqual([])
      expect(await failure(client.get(Namespaces, { name: 'busy' }))).toMatchObject({ code: 404 })
    }
  })
})

test('an owner that another process deletes while dependents are created leaves none behind', async () => {
  await withRuntime(async (client) => {
    const { metadata } = await client.create(configMap('owner'))
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid! }
    const creating = [start('depend', { owner, rounds: 100 }), start('depend', { owner, rounds: 100 })]
    for (const { next } of creating) {
      await next()
      for (let round = 0; round < 10; round++) await next()
    }
    expect(await start('delete', 'owner').ended).toBe(0)
    for (const { ended } of creating) expect(await ended).toBe(0)
    expect((await client.list(ConfigMaps)).items).toEqual([])
  })
})

test('a kind that another process defines is usable at once, and gone when it is deleted there', async () => {
  await withRuntime(async (client) => {
    expect(await failure(client.list(Items))).toMatchObject({ code: 404 })
    expect(await start('define').ended).toBe(0)
    await client.create(item('ours'))
    expect((await client.list(Items)).items.map(({ metadata }) => metadata.name)).toEqual(['ours', 'theirs'])
    expect(await start('undefine').ended).toBe(0)
    expect(await failure(client.list(Items))).toMatchObject({ code: 404 })
    expect(await failure(client.create(item('late')))).toMatchObject({ code: 404 })
  })
})

test('several processes may be the first of a store', async () => {
  const first = ['a', 'b', 'c'].map((name) => start('write', name))
  for (const { ended } of first) expect(await ended).toBe(0)
  await withRuntime(async (client) => {
    expect((await client.list(Namespaces)).items).toHaveLength(2)
    expect((await client.list(ConfigMaps)).items).toHaveLength(3)
  })
})
