// Run by cold-process.test.ts on its own: lets time pass at once, with nothing loaded that a first write or a manager needs, and
// prints at which minutes there was a reconcile.
import { newControllerManagedBy } from '@k1s/controller-runtime'
import { createTestEnvironment } from '@k1s/testing'

const [mode] = process.argv.slice(2)
const Item = {
  group: 'inventory.k1s.dev',
  version: 'v1',
  kind: 'Item',
  plural: 'items',
  namespaced: true,
  subresources: { status: true },
}

await using env = await createTestEnvironment({ kinds: [Item], clock: 'fake' })
const begin = env.clock.now()
const minutes: number[] = []
const manager = env.manager()
newControllerManagedBy(manager)
  .for(Item)
  .complete(async ({ name }) => {
    await env.client.get(Item, { name })
    await env.client.create({ apiVersion: 'v1', kind: 'Secret', metadata: { generateName: 'seen-' } })
    minutes.push((env.clock.now() - begin) / 60_000)
    return { requeueAfter: '20m' }
  })

const stop = new AbortController()
const created = env.client.create({
  apiVersion: 'inventory.k1s.dev/v1',
  kind: 'Item',
  metadata: { name: 'a' },
})
const { signal } = stop
const running = mode === 'start' ? manager.start(signal) : manager.runOnce({ untilIdle: true, signal })
await env.clock.advance('1h')
stop.abort()
await env.clock.advance('1s')
await Promise.all([created, running])
console.log(JSON.stringify(minutes))
