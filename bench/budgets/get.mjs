import { Item, item, itemName } from '../item.mjs'
import { alternate, inFlight, median, medianRatio, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const objects = 1000
const perRound = 20_000

/** Gets by name through the client, one after the other. */
export async function measure() {
  return [await getOn('memory', 100_000), await getOn('lmdb', 60_000)]
}

async function getOn(type, atLeast) {
  return inTemporaryDirectory(async (path) => {
    const engine = await openEngine(type, path)
    const runtime = await openRuntime(engine)
    await inFlight(objects, 64, (index) => runtime.client.create(item(itemName('item', index))))
    const names = Array.from({ length: objects }, (_, index) => itemName('item', index))
    const keys = names.map((name) => Buffer.from(`\u0002/default/items.inventory.k1s.dev/default/${name}`))
    const rates = await alternate(
      {
        async bare() {
          const duration = await timeOf(async () => {
            for (let index = 0; index < perRound; index++) {
              const record = engine.read((reader) => reader.get(keys[index % objects]))
              JSON.parse(
                Buffer.from(record.buffer, record.byteOffset + 24, record.byteLength - 24).toString(),
              )
            }
          })
          return perRound / (duration / 1000)
        },
        async client() {
          const duration = await timeOf(async () => {
            for (let index = 0; index < perRound; index++) {
              await runtime.client.get(Item, { namespace: 'default', name: names[index % objects] })
            }
          })
          return perRound / (duration / 1000)
        },
      },
      { rounds: 9, warmUp: 2 },
    )
    await runtime.close()
    return {
      what: `client get by name, ${type}`,
      value: median(rates.client),
      floor: median(rates.bare),
      unit: '/s',
      floorIs: "the engine's read and JSON.parse",
      ratio: medianRatio(rates.client, rates.bare),
      budget: { atLeast, of: 'value' },
    }
  })
}
