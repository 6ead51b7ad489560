import { Item, item, itemName } from '../item.mjs'
import { alternate, inFlight, median, medianRatio, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const objects = 10_000

/** A list of 10,000 objects through the client, against parsing the same JSON texts. */
export async function measure() {
  return [await listOn('memory'), await listOn('lmdb')]
}

async function listOn(type) {
  return inTemporaryDirectory(async (path) => {
    const runtime = await openRuntime(await openEngine(type, path))
    const { client } = runtime
    await inFlight(objects, 64, (index) => client.create(item(itemName('item', index))))
    const { items } = await client.list(Item, { namespace: 'default' })
    if (items.length !== objects) throw new Error(`the list has ${items.length} objects and not ${objects}`)
    const texts = items.map((object) => JSON.stringify(object))
    const times = await alternate(
      {
        parse: () => timeOf(() => texts.map((text) => JSON.parse(text))),
        list: () => timeOf(() => client.list(Item, { namespace: 'default' })),
      },
      { rounds: 15, warmUp: 3 },
    )
    await runtime.close()
    return {
      what: `client list of ${objects.toLocaleString('en')}, ${type}`,
      value: median(times.list),
      floor: median(times.parse),
      unit: 'ms',
      floorIs: 'JSON.parse of the same texts',
      ratio: medianRatio(times.list, times.parse),
      budget: { atMost: 2, of: 'ratio' },
    }
  })
}
