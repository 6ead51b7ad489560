// Buys what is marked as low, unless nothing more is bought of it.
import { createRuntime, mergePatch } from 'k1s'
import { Category, Item } from './kinds.ts'

const path = process.env.K1S_DATA_DIR ?? '.k1s-demo'
await using runtime = await createRuntime({ storage: { type: 'lmdb', path } })
const { client } = runtime

const low = await client.list(Item, { labelSelector: 'stock=low', fieldSelector: 'spec.discontinued=false' })
for (const item of low.items) {
  const { quantity, target, category } = item.spec
  const order = target - quantity
  if (order <= 0) continue
  const change = mergePatch({ metadata: { labels: { stock: null } }, spec: { quantity: target } })
  const restocked = await client.patch(item, change)
  const restockedAt = new Date().toISOString()
  await client.status.update({ ...restocked, status: { lastOrder: order, restockedAt } })
  const { spec } = await client.get(Category, { name: category })
  console.log(`${item.metadata.name}: ${order} bought, for shelf ${spec.shelf}`)
}
