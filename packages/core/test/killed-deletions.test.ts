import { setTimeout as delay } from 'node:timers/promises'
import type { OwnerReference, Unstructured, WatchEvent } from '@k1s/apimachinery'
import type { Client, Kind } from '@k1s/core'
import { expect, test } from 'vitest'
import { failure } from './each-store.ts'
import { ConfigMaps, CustomResourceDefinitions, configMap, Namespaces, namespace } from './kinds.ts'
import { processSandbox } from './process-sandbox.ts'

const sandbox = processSandbox()
const { start, withRuntime, left } = sandbox

const seed = Number(process.env.K1S_TEST_SEED ?? Date.now() % 1_000_000)
console.log(`K1S_TEST_SEED=${seed}`)
let state = seed

/** A number from 0 to below `end`, from the seed. */
function random(end: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  return (state >>> 8) % end
}

function ownedBy(owners: readonly Unstructured[]): OwnerReference[] {
  return owners.map(({ metadata }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: metadata.name!,
    uid: metadata.uid!,
    ...(random(2) === 0 && { blockOwnerDeletion: true }),
  }))
}

/**
 * A root, ten objects that it owns, two hundred that some of those own, and what must stay: objects that are also
 * owned by one that nobody deletes.
 */
async function createDiamond(client: Client): Promise<{ stays: string[] }> {
  const create = (name: string, owners: readonly Unstructured[]) =>
    client.create(configMap(name, { metadata: { name, ownerReferences: ownedBy(owners) } }))
  const root = await create('root', [])
  const solid = await create('solid', [])
  const middle = await Promise.all(Array.from({ length: 10 }, (_, index) => create(`m${index}`, [root])))
  const some = () => [...new Set([random(10), random(10), random(10)])].map((index) => middle[index]!)
  const stays = ['solid']
  await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      if (index % 10 > 0) return create(`d${index}`, some())
      stays.push(`d${index}`)
      return create(`d${index}`, [...some(), solid])
    }),
  )
  return { stays: stays.sort() }
}

async function names(client: Client): Promise<(string | undefined)[]> {
  return (await client.list(ConfigMaps)).items.map(({ metadata }) => metadata.name).sort()
}

/** Starts a process and kills it some milliseconds after it told as many lines, unless it ends before. */
async function startAndKill(role: string, argument: unknown, within: number, lines = 1): Promise<void> {
  const { child, next, ended } = start(role, argument)
  for (let line = 0; line < lines; line++) await next()
  await delay(random(within))
  child.kill('SIGKILL')
  expect([0, 'SIGKILL']).toContain(await ended)
}

test.each(['Foreground', 'Background'] as const)(
  'a diamond whose deletion with propagation %s is killed at any moment goes with the next write',
  async (propagationPolicy) => {
    for (let round = 0; round < 2; round++) {
      const { stays } = await withRuntime(createDiamond)
      await startAndKill('delete-with', { name: 'root', propagationPolicy }, 120)
      const { tasks } = await left()
      const wasAsked = await withRuntime(async (client) => {
        const items = await names(client)
        if (!items.includes('root')) return true
        const { metadata } = await client.get(ConfigMaps, { name: 'root' })
        return metadata.deletionTimestamp !== undefined
      })
      if (!wasAsked) expect(tasks).toEqual([])
      expect(await start('write', 'first').ended).toBe(0)
      await withRuntime(async (client) => {
        if (!wasAsked) await client.delete(ConfigMaps, { name: 'root' }, { propagationPolicy })
        expect(await names(client)).toEqual([...stays, 'first'].sort())
        for (const { metadata } of (await client.list(ConfigMaps)).items) {
          const owners = metadata.ownerReferences?.map(({ name }) => name) ?? []
          expect(owners).toEqual(metadata.name?.startsWith('d') ? ['solid'] : [])
        }
        await client.deleteCollection(ConfigMaps)
      })
      expect(await left()).toEqual({ count: 0, tasks: [] })
    }
  },
)

test('a namespace whose deletion is killed again and again goes with the write that is not', async () => {
  await withRuntime(async (client) => {
    await client.create(namespace('big'))
    await Promise.all(
      Array.from({ length: 1_500 }, (_, index) =>
        client.create(configMap(`c${index}`, { metadata: { name: `c${index}`, namespace: 'big' } })),
      ),
    )
    await client.delete(Namespaces, { name: 'big' }, { dryRun: true })
  })
  await startAndKill('delete-namespace', 'big', 60)
  for (let round = 0; round < 2; round++) await startAndKill('write', `w${round}`, 60)
  await withRuntime(async (client) => {
    await client.delete(Namespaces, { name: 'big' }).catch(() => undefined)
    expect(await failure(client.get(Namespaces, { name: 'big' }))).toMatchObject({ code: 404 })
    expect((await client.list(ConfigMaps, { namespace: 'big' })).items).toEqual([])
  })
  expect((await left()).tasks).toEqual([])
})

test('dependents of an owner that was gone before them do not outlive the process that is killed creating them', async () => {
  const { metadata } = await withRuntime((client) => client.create(configMap('owner')))
  await withRuntime((client) => client.delete(ConfigMaps, { name: 'owner' }))
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid! }
  for (let round = 0; round < 3; round++) {
    await startAndKill('depend', { owner, rounds: 10_000 }, 20, 5)
    expect(await start('write', `w${round}`).ended).toBe(0)
    expect(await left()).toEqual({ count: round + 1, tasks: [] })
  }
})

test('finalizers that several processes add and take off at once are neither lost nor come back', async () => {
  await withRuntime((client) => client.create(configMap('shared')))
  const rounds = 20
  const processes = Array.from({ length: 3 }, () => start('finalize', { name: 'shared', rounds }))
  const pids = processes.map(({ child }) => child.pid)
  for (const { ended } of processes) expect(await ended).toBe(0)
  const finalizers = await withRuntime(async (client) => {
    const { metadata } = await client.get(ConfigMaps, { name: 'shared' })
    return metadata.finalizers ?? []
  })
  const wanted = pids.flatMap((pid) =>
    Array.from({ length: rounds / 2 }, (_, index) => `example.com/p${pid}-${index * 2}`),
  )
  expect(finalizers.toSorted()).toEqual(wanted.sort())

  // The last one to go takes the object along, whichever process takes it off.
  await withRuntime((client) => client.delete(ConfigMaps, { name: 'shared' }))
  const thirds = [0, 1, 2].map((part) => wanted.filter((_, index) => index % 3 === part))
  const releasing = thirds.map((part) => start('release', { name: 'shared', finalizers: part }))
  for (const { ended } of releasing) expect(await ended).toBe(0)
  expect(await left()).toEqual({ count: 0, tasks: [] })
})

test('a watcher of another process sees each removal once, also of a deletion that was killed in between', async () => {
  await withRuntime(async (client) => {
    await createDiamond(client)
    const { metadata, items } = await client.list(ConfigMaps)
    const controller = new AbortController()
    const removals: string[] = []
    const watching = (async () => {
      const events = client.watch(ConfigMaps, {
        resourceVersion: metadata.resourceVersion!,
        signal: controller.signal,
      })
      for await (const event of events as AsyncIterable<WatchEvent>) {
        if (event.type === 'ERROR') throw new Error(event.object.message)
        if (event.type === 'DELETED') removals.push(event.object.metadata.uid!)
        if (event.type === 'ADDED' && event.object.metadata.name === 'end') break
      }
    })()
    const propagationPolicy = random(2) === 0 ? 'Foreground' : 'Background'
    await startAndKill('delete-with', { name: 'root', propagationPolicy }, 80)
    await startAndKill('write', 'first', 80)
    expect(await start('write', 'second').ended).toBe(0)
    const gone = new Set(items.map((item) => item.metadata.uid!))
    for (const item of (await client.list(ConfigMaps)).items) gone.delete(item.metadata.uid!)
    await client.create(configMap('end'))
    await watching
    controller.abort()
    expect(removals.toSorted()).toEqual([...gone].sort())
  })
})

const ResourceQuotas: Kind = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
}

test('a quota is kept and its usage true, whichever process creates, deletes or is killed', async () => {
  const used = () =>
    withRuntime(async (client) => {
      const { status } = await client.get(ResourceQuotas, { name: 'limits' })
      return Number((status as { used: { configmaps: string } }).used.configmaps)
    })
  await withRuntime((client) =>
    client.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'limits', namespace: 'default' },
      spec: { hard: { configmaps: '20' } },
    } as Unstructured),
  )
  for (let round = 0; round < 2; round++) {
    await startAndKill('occupy', { rounds: 10_000 }, 100)
    const { count } = await left()
    expect(await used()).toBe(count)
  }
  const before = (await left()).count
  const occupying = Array.from({ length: 3 }, () => start('occupy', { rounds: 30 }))
  let taken = 0
  for (const { next, ended } of occupying) {
    await next()
    taken += (JSON.parse(String(await next())) as { taken: number }).taken
    expect(await ended).toBe(0)
  }
  expect((await left()).count).toBe(before + taken)
  expect(await used()).toBe(before + taken)
  expect(before + taken).toBeLessThanOrEqual(20)
})

test('of definitions that processes create at the same time, one is granted a kind', async () => {
  const kinds = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon', 'Zeta']
  const rivals = ['x', 'y', 'z'].map((prefix) => start('define-rival', { prefix, kinds }))
  for (const { ended } of rivals) expect(await ended).toBe(0)
  await withRuntime(async (client) => {
    const { items } = await client.list(CustomResourceDefinitions)
    expect(items).toHaveLength(18)
    const granted = items.filter((item) => {
      const { conditions = [] } = item.status as { conditions?: { type: string; status: string }[] }
      return conditions.some(({ type, status }) => type === 'NamesAccepted' && status === 'True')
    })
    expect(granted.map((item) => (item.spec as { names: { kind: string } }).names.kind).sort()).toEqual(
      kinds.toSorted(),
    )
  })
})
