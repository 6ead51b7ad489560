import { managerOfItems } from '../controllers.mjs'
import { Item, item, itemName } from '../item.mjs'
import { alternate, inFlight, median, timeOf } from '../measure.mjs'
import { inTemporaryDirectory, openEngine, openRuntime } from '../stores.mjs'

const objects = 10_000

/** The first run of a controller that gets each of 10,000 objects, beside as many gets alone. */
export async function measure() {
  return [await firstRunOn('memory', { budget: { atMost: 3000, of: 'value' } }), await firstRunOn('lmdb', {})]
}

async function firstRunOn(type, budget) {
  return inTemporaryDirectory(async (path) => {
    const runtime = await openRuntime(await openEngine(type, path))
    const { client } = runtime
    await inFlight(objects, 64, (index) => client.create(item(itemName('item', index))))
    const times = await alternate(
      {
        run: (round) => timeOf(() => firstRun(runtime, `first-${round}`)),
        gets: () =>
          timeOf(() => inFlight(objects, 1, (index) => client.get(Item, { name: itemName('item', index) }))),
      },
      { rounds: 7, warmUp: 2 },
    )
    await runtime.close()
    return {
      what: `first run of a controller, ${objects.toLocaleString('en')} objects, ${type}`,
      value: median(times.run),
      floor: median(times.gets),
      unit: 'ms',
      floorIs: 'as many gets',
      ...budget,
    }
  })
}

async function firstRun(runtime, name) {
  const { manager, reconciled } = managerOfItems(runtime, name)
  const { controllers } = await manager.runOnce()
  if (controllers[0].outcome !== 'idle' || reconciled() !== objects) {
    throw new Error(`reconciled ${reconciled()}, ${controllers[0].outcome}`)
  }
}
