// Run by leaks.test.ts on its own, with flags of V8: creates and closes environments, and prints what they leave behind.
import { get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { newControllerManagedBy } from '@k1s/controller-runtime'
import { createTestEnvironment } from '@k1s/testing'

const [definition] = process.argv.slice(2)

/** Parts of each environment. */
const made: WeakRef<object>[] = []

async function runTests(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await using env = await createTestEnvironment({
      crds: definition!,
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }],
      ...(index % 2 === 0 && { clock: 'fake' as const }),
    })
    made.push(new WeakRef(env.runtime), new WeakRef(env.client))
    const Item = {
      group: 'inventory.k1s.dev',
      version: 'v1',
      kind: 'Item',
      plural: 'items',
      namespaced: true,
    }
    env.faults.conflict({ times: 1 })
    env.faults.latency({ verb: 'patch', delay: 60_000 })
    // A watch and a request that nobody ends.
    const events = env.client.watch(Item)[Symbol.asyncIterator]()
    events.next().catch(() => {})
    const item = { apiVersion: 'inventory.k1s.dev/v1', kind: 'Item', metadata: { name: 'a' } }
    env.client.patch(item, { type: 'application/merge-patch+json', body: {} }).catch(() => {})
    await env.client.create(item)
    const manager = env.manager()
    newControllerManagedBy(manager)
      .for(Item)
      .complete(() => ({ requeueAfter: '1h' }))
    if (index % 10 === 0) await manager.runOnce()
    if (index % 100 === 0) {
      const { url, token } = await env.serve()
      await ask(`${url}/api`, token)
    }
  }
}

/** `fetch` keeps something for each server that it ever asked. */
function ask(url: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` }
    get(url, { agent: false, headers }, (response) => response.resume().on('end', resolve)).on(
      'error',
      reject,
    )
  })
}

async function heapUsed(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc!()
    await wait(20)
  }
  return process.memoryUsage().heapUsed
}

/** What keeps the process from ending, but for what only waits for the next collection. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((type) => !type.endsWith('Wrap'))
}

function kept(): number {
  return made.filter((part) => part.deref() !== undefined).length
}

await runTests(100)
const before = await heapUsed()
await runTests(200)
let after = await heapUsed()
// Servers let go of their last connections within a second.
for (let turn = 0; turn < 50 && kept() + resources().length > 0; turn++) after = await heapUsed()
console.log(JSON.stringify({ kept: kept(), grown: after - before, resources: resources() }))
